/** Imported before Ink: what decides about colours reads this once. */
process.env.FORCE_COLOR = '3';
