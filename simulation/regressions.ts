/** Seeds that have found a fault of the client, or of the journal. What they play changes whenever the simulation does. */
export const REGRESSIONS: readonly number[] = [
  1, 3, 4, 7, 8, 10, 13, 34, 53, 97, 145, 157, 328, 1176, 1243, 1633, 1998, 5006,
]
