/** The signals that end a process, with the exit code that a shell then expects. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143 } as const

/** Calls back with the exit code that a shell expects; gives what takes the handlers away. */
export function onSignals(handle: (exitCode: number) => void): () => void {
  const handlers = Object.entries(SIGNALS).map(([signal, code]) => {
    const handler = (): void => {
      handle(code)
    }
    process.on(signal, handler)
    return { signal, handler }
  })
  return () => {
    for (const { signal, handler } of handlers) process.removeListener(signal, handler)
  }
}
