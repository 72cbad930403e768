/** Who is behind a number of ours, by the number the client itself has given. */
export type Owner = { readonly client: number; readonly number: number };

const keyOf = (client: number, number: number): string => `${client}:${number}`;

/** Gives what clients number by themselves numbers that are unique among all clients. */
export const createSeats = () => {
  const owners = new Map<number, Owner>();
  const taken = new Map<string, number>();
  let last = 0;
  return {
    take: (client: number, number: number): number => {
      last++;
      owners.set(last, { client, number });
      taken.set(keyOf(client, number), last);
      return last;
    },
    find: (client: number, number: number): number | undefined => taken.get(keyOf(client, number)),
    owner: (seat: number): Owner | undefined => owners.get(seat),
    leave: (seat: number): void => {
      const owner = owners.get(seat);
      owners.delete(seat);
      if (owner === undefined) return;
      const key = keyOf(owner.client, owner.number);
      if (taken.get(key) === seat) taken.delete(key);
    },
  };
};
