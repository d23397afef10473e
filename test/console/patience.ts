/** How long a browser is waited for: on a busy machine it takes its time, and no test is about that. */
export const PATIENCE_MS = 100_000
