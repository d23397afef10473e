import type { Command } from 'commander'
import type { Shell } from './shell.ts'

/** One command as the command line knows it before it is chosen; its arguments and options are loaded then. */
export interface CatalogueEntry {
  readonly says: string
  /** Another name for it. */
  readonly alias?: string
  readonly load: () => Promise<CommandModule>
}

/** A file of `commands`: gives a command its arguments, options, examples, subcommands and what it does. */
export interface CommandModule {
  define(command: Command, shell: Shell): void
}

/** Every command, by the headings and in the order of `hindra --help`. */
export const CATALOGUE: Readonly<Record<string, Readonly<Record<string, CatalogueEntry>>>> = {
  'Set up:': {
    init: {
      says: 'makes the data directory, the data key, the settings and the store',
      load: () => import('./commands/init.ts'),
    },
    serve: {
      says: 'runs the server: HTTP, the Unix socket, and what is due',
      load: () => import('./commands/serve.ts'),
    },
    config: {
      says: 'what is in force and from where, secrets masked',
      load: () => import('./commands/config.ts'),
    },
    doctor: {
      says: 'what is installed and set up, what is not, and how to mend it',
      load: () => import('./commands/doctor.ts'),
    },
  },
  'Safe keeping:': {
    backup: {
      says: 'all of the store as of one moment, sealed, while everything goes on',
      load: () => import('./commands/backup.ts'),
    },
    restore: {
      says: 'makes a store of a backup, at a place where there is none',
      load: () => import('./commands/restore.ts'),
    },
    migrate: {
      says: 'brings the data directory of an older Hindra to the present format, with a backup first',
      load: () => import('./commands/migrate.ts'),
    },
    'migrate-store': {
      says: 'moves the store to PostgreSQL, or back into the data directory, and compares both',
      load: () => import('./commands/migrate-store.ts'),
    },
    escrow: {
      says: 'keys of those who may open backups when the data key is lost',
      load: () => import('./commands/escrow.ts'),
    },
    'data-key': {
      says: 'the key that all records are sealed with, and its exchange',
      load: () => import('./commands/data-key.ts'),
    },
    retention: {
      says: 'what is kept for how long, and erasing what is due',
      load: () => import('./commands/retention.ts'),
    },
    unmatched: {
      says: 'what is kept of sightings that matched nothing',
      load: () => import('./commands/unmatched.ts'),
    },
  },
  'Register:': {
    register: {
      says: 'proposes files as known material; another person verifies them',
      load: () => import('./commands/register.ts'),
    },
    verify: {
      says: 'confirms what somebody else proposed: from then on it matches',
      load: () => import('./commands/verify.ts'),
    },
    dispute: {
      says: 'doubts an item: until it is verified again it only asks for review',
      load: () => import('./commands/dispute.ts'),
    },
    retract: {
      says: 'withdraws an item, verified or not: it matches no more, its cases and notices are withdrawn',
      load: () => import('./commands/retract.ts'),
    },
    items: {
      says: 'the register of known material; hashes are never shown',
      alias: 'item',
      load: () => import('./commands/items.ts'),
    },
    lists: {
      says: 'whose entries the register holds: own, partners’, allow-lists',
      load: () => import('./commands/lists.ts'),
    },
    vocabulary: {
      says: 'the terms that entries are described with, and what they mean',
      load: () => import('./commands/vocabulary.ts'),
    },
    corpus: {
      says: 'benign pictures: what is like one is not verified unseen',
      load: () => import('./commands/corpus.ts'),
    },
    import: {
      says: 'takes a list into the register; the same command goes on where it broke off',
      load: () => import('./commands/import.ts'),
    },
    imports: {
      says: 'imports, the newest first, and how far each has come',
      load: () => import('./commands/imports.ts'),
    },
    sources: {
      says: 'exchanges whose lists are fetched on a schedule',
      load: () => import('./commands/sources.ts'),
    },
    model: {
      says: 'learned models, which find altered copies for a person to look at',
      load: () => import('./commands/model.ts'),
    },
  },
  'Daily work:': {
    scan: {
      says: 'looks whether media is known, and opens cases only when told to',
      load: () => import('./commands/scan.ts'),
    },
    tip: {
      says: 'takes a tip, or a list of tips from a sister hotline',
      load: () => import('./commands/tip.ts'),
    },
    tips: {
      says: 'tips, and the queue of those that wait for an assessment',
      load: () => import('./commands/tips.ts'),
    },
    tipline: {
      says: 'tips without an account, and the receipts of those who sent them',
      load: () => import('./commands/tipline.ts'),
    },
    assess: {
      says: 'judges something new at a URL: a case without an item',
      load: () => import('./commands/assess.ts'),
    },
    cases: {
      says: 'cases: list, show, decide the review band, close',
      load: () => import('./commands/cases.ts'),
    },
    find: {
      says: 'what a host, a sender or a colleague who rings asks after',
      load: () => import('./commands/find.ts'),
    },
    samples: {
      says: 'decisions that another person decides again, blind',
      load: () => import('./commands/samples.ts'),
    },
  },
  'Machines:': {
    feed: {
      says: 'submits what a crawler writes (NDJSON), and goes on where it was',
      load: () => import('./commands/feed.ts'),
    },
    submit: {
      says: 'submits one sighting with its media, which may be large',
      load: () => import('./commands/submit.ts'),
    },
    alerts: {
      says: 'what happened to cases, in order: the feed of the takedown pipeline',
      load: () => import('./commands/alerts.ts'),
    },
    webhooks: {
      says: 'endpoints that alerts are posted to, signed',
      load: () => import('./commands/webhooks.ts'),
    },
    openapi: {
      says: 'prints the description of the HTTP API (OpenAPI 3.1)',
      load: () => import('./commands/openapi.ts'),
    },
  },
  'Takedown:': {
    trace: {
      says: 'who can remove what a URL shows; what an analyst knows better',
      load: () => import('./commands/trace.ts'),
    },
    hosts: {
      says: 'what hosts were told, how fast it was gone, and what came back',
      load: () => import('./commands/hosts.ts'),
    },
    route: {
      says: 'who is told of a case, and why; contacts that wait for approval',
      load: () => import('./commands/route.ts'),
    },
    policy: {
      says: 'what the house laid down in files, as it is in force',
      load: () => import('./commands/policy.ts'),
    },
    notices: {
      says: 'what was told to whom, and what is due to be told',
      load: () => import('./commands/notices.ts'),
    },
    objections: {
      says: 'what hosts, uploaders and others bring against a case',
      load: () => import('./commands/objections.ts'),
    },
    dossiers: {
      says: 'evidence for the police: what was proposed, released, withdrawn',
      load: () => import('./commands/dossiers.ts'),
    },
    'hotline-exports': {
      says: 'files for other hotlines (ICCAM, SCARt) and for INTERPOL',
      load: () => import('./commands/hotline-exports.ts'),
    },
    'sister-mails': {
      says: 'mails of sister hotlines that became no tips by themselves',
      load: () => import('./commands/sister-mails.ts'),
    },
    iccam: {
      says: 'the line to ICCAM: reports out, what is assigned to us in',
      load: () => import('./commands/iccam.ts'),
    },
    waiting: {
      says: 'what waits for a person: notices to tell by hand, replies, files, keys',
      load: () => import('./commands/waiting.ts'),
    },
    recheck: {
      says: 'looks whether the material of cases is gone',
      load: () => import('./commands/recheck.ts'),
    },
    stats: {
      says: 'the table of a quarter, month or year, by the clock of the house',
      load: () => import('./commands/stats.ts'),
    },
    report: {
      says: 'reports for others: DSA Article 22(3), INHOPE, the quarter',
      load: () => import('./commands/report.ts'),
    },
  },
  'People:': {
    people: {
      says: 'people and named machines, and what they may do',
      load: () => import('./commands/people.ts'),
    },
    keys: {
      says: 'the keys by which people and machines sign in',
      load: () => import('./commands/keys.ts'),
    },
    sessions: {
      says: 'who is signed in by a browser, and until when',
      load: () => import('./commands/sessions.ts'),
    },
    views: {
      says: 'lists of the console that you keep by a name',
      load: () => import('./commands/views.ts'),
    },
    audit: {
      says: 'who did what, and the proof that nothing of it was changed',
      load: () => import('./commands/audit.ts'),
    },
  },
  'Help:': {
    help: {
      says: 'how a command is used: hindra help cases show',
      load: () => import('./commands/help.ts'),
    },
    'exit-codes': {
      says: 'what the exit codes mean, and which error has which',
      load: () => import('./commands/exit-codes.ts'),
    },
  },
}
