import type { Readable, Writable } from 'node:stream'
import {
  BUSY,
  type Client,
  createClient,
  patientTransport,
  type SubmitOptions,
} from '../client/index.ts'
import { type ConfigSources, type LoadedConfig, loadConfig } from '../config.ts'
import { defined, MINUTE_MS, SECOND_MS, systemRandom } from '../core/index.ts'
import { connect } from './connect.ts'
import { readKey } from './credentials.ts'
import { createOutput, type Output } from './output.ts'
import { createProgress, type Progress } from './progress.ts'

/** How long a busy server is waited for in all, by people and by scripts. */
const BUSY_MS = 2 * MINUTE_MS

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
  settings(flags?: ConfigSources['flags']): LoadedConfig
  /** The settings of the Hindra that is there without --data: what a restore beside it reads. Throws INVALID_CONFIG. */
  settingsBeside(): LoadedConfig
  /** Where to find a server that runs elsewhere: --url, HINDRA_URL. */
  url(): string | undefined
  /**
   * Runs `work` with the API at hand, and lets go of it in the end. A server that asks for time gets
   * it, up to two minutes, and is told of on standard error.
   */
  withClient<Result>(work: (client: Client) => Promise<Result>): Promise<Result>
  /** The same patience, for lines. */
  readonly patience: Pick<SubmitOptions, 'giveUpAfterMs' | 'waitsFor' | 'onRetry'>
  progress(label: string, total: number): Progress
  /** Ends with this exit code, without an error of its own (one was shown already). */
  exitWith(code: number): void
  readonly exitCode: number
}

export function createShell(terminal: Terminal, flags: () => GlobalFlags): Shell {
  let exitCode = 0

  function output(): Output {
    return createOutput(terminal.stdout, terminal.stderr, flags().json ?? false)
  }

  function settings(more: ConfigSources['flags'] = {}): LoadedConfig {
    const { data } = flags()
    return load({ ...more, ...defined({ data }) })
  }

  function load(chosen: NonNullable<ConfigSources['flags']>): LoadedConfig {
    const { config } = flags()
    return loadConfig({
      env: terminal.env,
      flags: chosen,
      ...defined({ file: config }),
    })
  }

  function url(): string | undefined {
    const set = flags().url ?? terminal.env['HINDRA_URL']
    return set === '' ? undefined : set
  }

  const patience: Shell['patience'] = {
    giveUpAfterMs: BUSY_MS,
    waitsFor: BUSY,
    onRetry: ({ code }, waitMs) => {
      output().note(
        `${code}: the server is busy, trying again in ${Math.ceil(waitMs / SECOND_MS)} s`,
      )
    },
  }

  return {
    terminal,
    output,
    settings,
    settingsBeside: () => load({}),
    url,
    patience,
    async withClient(work) {
      const warn = (message: string) => terminal.stderr.write(`${message}\n`)
      const connected = await connect(settings(), url(), readKey(terminal.env), warn)
      const transport = patientTransport(connected, patience, systemRandom)
      try {
        return await work(createClient(transport))
      } finally {
        await transport.close()
      }
    },
    progress(label, total) {
      const { stdout, stderr } = terminal
      // Where answers go to the same terminal they are progress enough, and would tear the bar.
      const isShown = stderr.isTTY === true && stdout.isTTY !== true && flags().json !== true
      return createProgress(isShown ? stderr : undefined, label, total)
    },
    exitWith(code) {
      exitCode = code
    },
    get exitCode() {
      return exitCode
    },
  }
}
