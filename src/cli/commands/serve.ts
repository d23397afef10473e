import type { Command } from 'commander'
import { verb } from '../help.ts'
import type { Shell } from '../shell.ts'

interface ServeOptions {
  readonly host?: string
  readonly port?: string
  readonly socket?: string
}

export function serveCommand(shell: Shell): Command {
  return verb('serve', 'runs the server: HTTP, the Unix socket, and what is due', [
    'hindra serve',
    'hindra serve --host 127.0.0.1 --port 7080',
  ])
    .option('--host <address>', 'server.host')
    .option('--port <number>', 'server.port; 0 takes a free one')
    .option('--socket <path>', 'server.socket')
    .action(async (options: ServeOptions) => {
      const loaded = shell.settings({
        'server.host': options.host,
        'server.port': options.port === undefined ? undefined : Number(options.port),
        'server.socket': options.socket,
      })
      const { serve } = await import('../serve.ts')
      await serve(shell, loaded)
    })
}
