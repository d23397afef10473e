import type { Command } from 'commander'
import { HindraError } from '../../../errors.ts'

/** As they are given: what stands in them is looked at where NATS is. */
export interface NatsOptions {
  readonly stream?: string
  readonly consumer?: string
  readonly answers?: string
  readonly create?: true
  readonly subject?: string
  readonly replicas?: string
  readonly inFlight?: string
  readonly creds?: string
  readonly ca?: string
}

/** Option by option, so that the names of all are known. */
const FLAGS: Readonly<Record<keyof NatsOptions, readonly [flags: string, says: string]>> = {
  stream: ['--stream <name>', 'the stream that sightings come by'],
  consumer: ['--consumer <name>', 'a durable pull consumer of it; several commands may share it'],
  answers: ['--answers <subject>', 'publish what came of each message there; a stream keeps it'],
  create: [
    '--create',
    'make the consumer, and streams, where they are missing: so that none is lost',
  ],
  subject: ['--subject <subject>', 'with --create: what the stream takes, or the consumer of it'],
  replicas: ['--replicas <n>', 'with --create: how many servers keep a stream (1)'],
  inFlight: [
    '--in-flight <n>',
    'messages that are held at most (128); each has max_payload or less',
  ],
  creds: ['--creds <file>', 'credentials (NATS_CREDS); else NATS_NKEY, NATS_USER, NATS_TOKEN'],
  ca: ['--ca <file>', 'certificates of who may sign that of the server (NATS_CA)'],
}

/** Whether a source is a server of NATS, or several of one cluster. */
export function isNats(source: string): boolean {
  return /^(?:nats|tls):\/\//.test(source)
}

export function withNatsOptions(command: Command): Command {
  command.optionsGroup('NATS JetStream:')
  for (const [flags, says] of Object.values(FLAGS)) command.option(flags, says)
  return command
}

/** Throws INVALID_INPUT where one is given for another source. */
export function refuseNatsOptions(options: NatsOptions): void {
  for (const [name, [flags]] of Object.entries(FLAGS)) {
    if (!Object.hasOwn(options, name)) continue
    throw new HindraError('INVALID_INPUT', `${flags} belongs to a source nats://`)
  }
}
