import { Command } from 'commander'
import { alertsCommand } from './commands/alerts.ts'
import { assessCommand } from './commands/assess.ts'
import { auditCommand } from './commands/audit.ts'
import { backupCommand } from './commands/backup.ts'
import { casesCommand } from './commands/cases.ts'
import { configCommand } from './commands/config.ts'
import { corpusCommand } from './commands/corpus.ts'
import { dataKeyCommand } from './commands/data-key.ts'
import { disputeCommand } from './commands/dispute.ts'
import { doctorCommand } from './commands/doctor.ts'
import { escrowCommand } from './commands/escrow.ts'
import { exitCodesCommand } from './commands/exit-codes.ts'
import { dossiersCommand } from './commands/dossiers.ts'
import { hotlineExportsCommand } from './commands/hotline-exports.ts'
import { findCommand } from './commands/find.ts'
import { hostsCommand } from './commands/hosts.ts'
import { iccamCommand } from './commands/iccam.ts'
import { feedCommand } from './commands/feed.ts'
import { importCommand } from './commands/import.ts'
import { importsCommand } from './commands/imports.ts'
import { initCommand } from './commands/init.ts'
import { itemsCommand } from './commands/items.ts'
import { keysCommand } from './commands/keys.ts'
import { listsCommand } from './commands/lists.ts'
import { migrateCommand } from './commands/migrate.ts'
import { modelCommand } from './commands/model.ts'
import { noticesCommand } from './commands/notices.ts'
import { objectionsCommand } from './commands/objections.ts'
import { openApiCommand } from './commands/openapi.ts'
import { peopleCommand } from './commands/people.ts'
import { recheckCommand } from './commands/recheck.ts'
import { registerCommand } from './commands/register.ts'
import { restoreCommand } from './commands/restore.ts'
import { retentionCommand } from './commands/retention.ts'
import { retractCommand } from './commands/retract.ts'
import { policyCommand } from './commands/policy.ts'
import { routeCommand } from './commands/route.ts'
import { samplesCommand } from './commands/samples.ts'
import { scanCommand } from './commands/scan.ts'
import { serveCommand } from './commands/serve.ts'
import { sessionsCommand } from './commands/sessions.ts'
import { viewsCommand } from './commands/views.ts'
import { sourcesCommand } from './commands/sources.ts'
import { reportCommand } from './commands/report.ts'
import { sisterMailsCommand } from './commands/sister-mails.ts'
import { statsCommand } from './commands/stats.ts'
import { submitCommand } from './commands/submit.ts'
import { tipCommand } from './commands/tip.ts'
import { tiplineCommand } from './commands/tipline.ts'
import { tipsCommand } from './commands/tips.ts'
import { traceCommand } from './commands/trace.ts'
import { unmatchedCommand } from './commands/unmatched.ts'
import { verifyCommand } from './commands/verify.ts'
import { vocabularyCommand } from './commands/vocabulary.ts'
import { waitingCommand } from './commands/waiting.ts'
import { webhooksCommand } from './commands/webhooks.ts'
import { createShell, type GlobalFlags, type Shell, type Terminal } from './shell.ts'
import { version } from './version.ts'

const GROUPS = {
  'Set up:': [initCommand, serveCommand, configCommand, doctorCommand],
  'Safe keeping:': [
    ...[backupCommand, restoreCommand, migrateCommand, escrowCommand, dataKeyCommand],
    ...[retentionCommand, unmatchedCommand],
  ],
  'Register:': [
    ...[registerCommand, verifyCommand, disputeCommand, retractCommand],
    ...[itemsCommand, listsCommand, vocabularyCommand, corpusCommand],
    ...[importCommand, importsCommand, sourcesCommand, modelCommand],
  ],
  'Daily work:': [
    ...[scanCommand, tipCommand, tipsCommand, tiplineCommand, assessCommand, casesCommand],
    ...[findCommand, samplesCommand],
  ],
  'Machines:': [feedCommand, submitCommand, alertsCommand, webhooksCommand, openApiCommand],
  'Takedown:': [
    traceCommand,
    hostsCommand,
    routeCommand,
    policyCommand,
    noticesCommand,
    objectionsCommand,
    dossiersCommand,
    hotlineExportsCommand,
    sisterMailsCommand,
    iccamCommand,
    waitingCommand,
    recheckCommand,
    statsCommand,
    reportCommand,
  ],
  'People:': [peopleCommand, keysCommand, sessionsCommand, viewsCommand, auditCommand],
  'Help:': [exitCodesCommand],
}

/** The whole command line, and the shell that its commands share. */
export function createProgram(terminal: Terminal): { program: Command; shell: Shell } {
  const program = new Command('hindra')
    .description('Recognises known illegal material when it returns, and gets it taken down.')
    .version(version())
    .option('--data <dir>', 'data directory (HINDRA_DATA)')
    .option('--config <file>', 'settings file (HINDRA_CONFIG)')
    .option('--url <url>', 'server to talk to (HINDRA_URL); else the local one')
    .option('--json', 'one JSON document, or a line of JSON for each input')
    .addHelpText(
      'after',
      '\nYour key comes from HINDRA_KEY or the file HINDRA_KEY_FILE.\n' +
        'Exit codes: hindra help exit-codes',
    )
  const shell = createShell(terminal, () => program.opts<GlobalFlags>())
  for (const [group, commands] of Object.entries(GROUPS)) {
    for (const create of commands) program.addCommand(create(shell).helpGroup(group))
  }
  prepare(program, terminal)
  return { program, shell }
}

/** Leaves the end of the process and its streams to Hindra, not to the parser. */
function prepare(command: Command, terminal: Terminal): void {
  command
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
      outputError: (text, write) => {
        const { problem, of } = strayWord(command, text) ?? {
          problem: inOneLine(text),
          of: command,
        }
        write(`INVALID_INPUT: ${problem}\n  ${pathOf(of)} --help shows what it takes.\n`)
      },
    })
  for (const inner of command.commands) prepare(inner, terminal)
}

/** A suggestion stands on a line of its own. */
function inOneLine(text: string): string {
  return text
    .replace(/^error: /, '')
    .trim()
    .replace(/\n/g, ' ')
}

/** A word that names no command goes to the one that stands for the topic alone, which takes none. */
function strayWord(
  command: Command,
  text: string,
): { readonly problem: string; readonly of: Command } | undefined {
  const {
    parent,
    registeredArguments: takes,
    args: [word],
  } = command
  if (!text.includes('too many arguments') || takes.length > 0) return undefined
  if (parent === null || word === undefined) return undefined
  if (parent.args[0] === command.name()) return undefined
  return { problem: `unknown command '${word}'`, of: parent }
}

/** `hindra cases show` */
function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`
}
