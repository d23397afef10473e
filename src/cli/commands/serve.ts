import type { Command } from 'commander'
import { collect, withExamples } from '../help.ts'
import type { Shell } from '../shell.ts'

interface ServeOptions {
  readonly host?: string
  readonly port?: string
  readonly socket?: string
  readonly tlsCert?: string
  readonly tlsKey?: string
  readonly trustedProxy: readonly string[]
  readonly insecure?: true
  readonly roles?: string
  readonly shard?: string
}

export function define(command: Command, shell: Shell): void {
  withExamples(command, [
    'hindra serve',
    'hindra serve --host 127.0.0.1 --port 7080',
    'hindra serve --host 0.0.0.0 --tls-cert chain.pem --tls-key key.pem',
    'hindra serve --trusted-proxy 127.0.0.1   # behind a proxy with TLS on this machine',
    'hindra serve --roles api,console   # one of several servers of a house: see docs/many-servers.md',
  ])
    .option('--host <address>', 'server.host')
    .option('--port <number>', 'server.port; 0 takes a free one')
    .option('--socket <path>', 'server.socket')
    .option('--tls-cert <file>', 'server.tlsCertFile; read anew when it changes, and on SIGHUP')
    .option('--tls-key <file>', 'server.tlsKeyFile; likewise')
    .option('--trusted-proxy <address>', 'server.trustedProxies; may be repeated', collect, [])
    .option('--insecure', 'server.insecure: plain HTTP though other machines can reach the address')
    .option('--roles <list>', 'server.roles, with commas: api, console, matcher, dispatcher')
    .option(
      '--shard <part>',
      'matcher.shard: 2/4 for the second of four parts of the known material',
    )
    .action(async (options: ServeOptions) => {
      const { trustedProxy } = options
      const loaded = await shell.settings({
        'server.host': options.host,
        'server.port': options.port === undefined ? undefined : Number(options.port),
        'server.socket': options.socket,
        'server.tlsCertFile': options.tlsCert,
        'server.tlsKeyFile': options.tlsKey,
        'server.trustedProxies': trustedProxy.length === 0 ? undefined : trustedProxy,
        'server.insecure': options.insecure,
        'server.roles': options.roles?.split(','),
        'matcher.shard': options.shard,
      })
      const { serve } = await import('../serve.ts')
      await serve(shell, loaded)
    })
}
