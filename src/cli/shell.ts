import type { Readable, Writable } from 'node:stream'
import type { Client } from '../client/index.ts'
import type { ConfigSources, LoadedConfig } from '../config.ts'
import { readKey } from './credentials.ts'
import { createOutput, type Output } from './output.ts'
import type { Progress } from './progress.ts'

/** The process that a command runs in. */
export interface Terminal {
  readonly env: NodeJS.ProcessEnv
  readonly stdin: Readable
  readonly stdout: Writable & { readonly isTTY?: boolean }
  readonly stderr: Writable & { readonly isTTY?: boolean }
}

/** Flags that every command takes. */
export interface GlobalFlags {
  readonly data?: string
  readonly config?: string
  readonly url?: string
  readonly json?: boolean
}

/** What every command is given. */
export interface Shell {
  readonly terminal: Terminal
  output(): Output
  /** Throws INVALID_CONFIG. */
  settings(flags?: ConfigSources['flags']): Promise<LoadedConfig>
  /** The settings of the Hindra that is there without --data: what a restore beside it reads. Throws INVALID_CONFIG. */
  settingsBeside(): Promise<LoadedConfig>
  /** Where to find a server that runs elsewhere: --url, HINDRA_URL. */
  url(): string | undefined
  /**
   * Runs `work` with the API at hand, and lets go of it in the end. A server that asks for time gets
   * it, up to two minutes, and is told of on standard error.
   */
  withClient<Result>(work: (client: Client) => Promise<Result>): Promise<Result>
  progress(label: string, total: number): Promise<Progress>
  /** Ends with this exit code, without an error of its own (one was shown already). */
  exitWith(code: number): void
  readonly exitCode: number
}

export function createShell(terminal: Terminal, flags: () => GlobalFlags): Shell {
  let exitCode = 0

  function output(): Output {
    return createOutput(terminal.stdout, terminal.stderr, flags().json ?? false)
  }

  function settings(more: ConfigSources['flags'] = {}): Promise<LoadedConfig> {
    return load({ ...more, data: flags().data })
  }

  /** The schema of the settings takes longer to load than most commands to run. */
  async function load(chosen: NonNullable<ConfigSources['flags']>): Promise<LoadedConfig> {
    const { loadConfig } = await import('../config.ts')
    return loadConfig({ env: terminal.env, flags: chosen, file: flags().config })
  }

  function url(): string | undefined {
    const set = flags().url ?? terminal.env['HINDRA_URL']
    return set === '' ? undefined : set
  }

  return {
    terminal,
    output,
    settings,
    settingsBeside: () => load({}),
    url,
    async withClient(work) {
      const { withClient } = await import('./connect.ts')
      const { env } = terminal
      const place = { url: url(), env, data: flags().data, settings }
      return withClient(place, readKey(env), output(), work)
    },
    async progress(label, total) {
      const { stdout, stderr } = terminal
      // Where answers go to the same terminal they are progress enough, and would tear the bar.
      const isShown = stderr.isTTY === true && stdout.isTTY !== true && flags().json !== true
      if (!isShown) return { step: () => undefined, stop: () => undefined }
      const { createProgress } = await import('./progress.ts')
      return createProgress(stderr, label, total)
    },
    exitWith(code) {
      exitCode = code
    },
    get exitCode() {
      return exitCode
    },
  }
}
