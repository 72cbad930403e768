/** Throws from a task of its own: a bug reaches the one handler of bugs, and neither who met it nor who comes after. */
export const throwOutside = (error: unknown): void => {
  setImmediate(() => {
    throw error;
  });
};
