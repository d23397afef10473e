import { parseArgs } from 'node:util'
import { OPERATOR } from '../../src/access/index.ts'
import { buildLibrary } from './library.ts'
import { layOutMorning } from './morning.ts'
import { printSummary } from './summary.ts'
import { tellStory } from './story.ts'
import { CAST, startWorld } from './world.ts'

const HELP = `npm run demo -- [--media DIR] [--seed N] [--store URL] [--keep]

Plays the main job with real parts on loopback, for pictures and films: register, sightings,
matches, cases, notices, rechecks. All imagery is ordinary: generated, or your own from --media.

  --media DIR  your own pictures (31 or more) and films (three or more, else generated)
  --seed N     repeats a run exactly (default 1)
  --store URL  keeps the store in an empty schema of PostgreSQL, postgres://host/database?schema=name
  --keep       leaves the server up at the end, with a morning's work in its queue, and prints
               how to sign in, in a browser too
  --help       this text

Exit code 0: the story came out as it must. 1: it did not. 2: wrong arguments.
`

async function main(): Promise<number> {
  const { values } = readArguments()
  if (values.help) {
    process.stdout.write(HELP)
    return 0
  }
  const seed = Number(values.seed)
  if (!Number.isInteger(seed) || seed < 0) throw new UsageError('--seed takes a whole number')

  const say = (text: string) => {
    process.stdout.write(`${text}\n`)
  }
  const started = performance.now()
  say(`Hindra demo. Seed ${seed}. Only ordinary imagery is used.`)
  const library = await buildLibrary(seed, values.media, progressOnTerminal())
  say(
    `Material: ${library.known.length} known items, ${library.copies.length} copies, ${library.unrelated.length} unrelated files; ${library.origin}.`,
  )

  const world = await startWorld((provider, urls) => {
    if (provider.abuseContact !== world.removing.abuseContact) return
    for (const url of urls) provider.remove(new URL(url).pathname)
  }, values.store)
  try {
    const outcome = await tellStory(world, library, seed, say)
    const ok = printSummary(outcome, library, say)
    say(
      `\nTook ${((performance.now() - started) / 1000).toFixed(1)} s. Repeat with --seed ${seed}.`,
    )
    if (values.keep) {
      await layOutMorning(world)
      await keepRunning(world, say)
    }
    return ok ? 0 : 1
  } finally {
    await world.stop()
    await world.removeData()
  }
}

class UsageError extends Error {}

function readArguments() {
  try {
    return parseArgs({
      options: {
        media: { type: 'string' },
        seed: { type: 'string', default: '1' },
        store: { type: 'string' },
        keep: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

function progressOnTerminal(): (text: string) => void {
  if (!process.stderr.isTTY) return () => undefined
  return (text) => process.stderr.write(`\r\x1b[K${text}`)
}

async function keepRunning(
  world: Awaited<ReturnType<typeof startWorld>>,
  say: (text: string) => void,
): Promise<void> {
  const url = world.server.url ?? ''
  say(`\nThe server stays up at ${url} (its clock stands still). Sign in as:\n`)
  for (const [actor, { pseudonym, roles, kind }] of Object.entries(CAST)) {
    say(`  # ${pseudonym}, ${roles.join(' and ')}`)
    if (kind === 'person') {
      const { path } = await world.engine.as(OPERATOR).sessions.invite({ person: pseudonym })
      say(`  ${url}${path}`)
    }
    say(`  export HINDRA_URL=${url} HINDRA_KEY=${world.keys[actor as keyof typeof CAST]}`)
  }
  say(
    `\nThe page for the public is at ${url}/tip. A browser opens the links, each once, and wants a`,
  )
  say('second factor: any app for codes takes its picture. Or by command: npx hindra cases list.')
  say('Ctrl-C ends it and removes its data.')
  await new Promise<void>((stop) => {
    process.once('SIGINT', stop)
    process.once('SIGTERM', stop)
  })
}

main().then(
  (code) => {
    process.exitCode = code
  },
  (error: unknown) => {
    const usage = error instanceof UsageError
    process.stderr.write(
      `${usage ? `${error.message}\n\n${HELP}` : String((error as Error).stack)}\n`,
    )
    process.exitCode = usage ? 2 : 1
  },
)
