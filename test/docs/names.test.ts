import { existsSync, readdirSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { PassThrough } from 'node:stream'
import type { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { createProgram } from '../../src/cli/program.ts'
import { loadConfig } from '../../src/config.ts'
import { blocksOf, pagesBelow, proseOf, ROOT, textOf } from './page.ts'

const PAGES = [
  ...['README.md', 'SECURITY.md', 'CONTRIBUTING.md'],
  ...pagesBelow('docs', 'src', 'bench', 'native', 'test/simulation'),
]
/** Where users read: what is named there must be as it is named. */
const MANUALS = PAGES.filter((page) => page === 'README.md' || page.startsWith('docs/'))

const streams = { stdout: new PassThrough(), stderr: new PassThrough() }
const { program, load } = createProgram({ ...streams, env: {}, stdin: process.stdin })
await Promise.all(program.commands.map(load))

interface Named {
  readonly where: string
  readonly text: string
}

/** Inline code, which may run over the end of a line. */
function spansOf(page: string): readonly Named[] {
  return Array.from(proseOf(textOf(page)).matchAll(/`([^`]+)`/g), ([, text = '']) => ({
    where: page,
    text: text.replaceAll(/\s+/g, ' '),
  }))
}

/** Commands as a page shows them: inline, and each in a block, what a shell joins to it cut off. */
function commandsOf(page: string): readonly Named[] {
  const shown = blocksOf(textOf(page))
    .filter(({ kind }) => /^(sh|console|ini)$/.test(kind))
    .flatMap(({ text, line }) =>
      text
        .replaceAll(/\\\n/g, ' ')
        .replaceAll(/(^|\s)#.*$|\$\([^)]*\)/gm, ' ')
        .split('\n')
        .map((command) => ({ where: `${page}:${String(line)}`, text: command })),
    )
  return [...spansOf(page), ...shown].flatMap(({ where, text }) =>
    Array.from(text.matchAll(/(?:^|[\s|(/])hindra ((?![\w-]+:)[^|>)]*)/g), ([, rest = '']) => ({
      where,
      text: rest.replaceAll(/"[^"]*"/g, 'TEXT').trim(),
    })),
  )
}

/** What is wrong with a command's words; undefined where it exists with every option that it is shown with. */
function wrongWith(text: string): string | undefined {
  let command: Command = program
  for (const word of text.split(/\s+/).filter((one) => one !== '')) {
    if (/^--?[a-z]/.test(word)) {
      const [option = ''] = word.split('=')
      if (!optionsOf(command).has(option)) return `${command.name()} has no ${option}`
      continue
    }
    const inner = command.commands.find((one) => [one.name(), ...one.aliases()].includes(word))
    // A group of commands: anything but one of them would be an argument that it does not take.
    if (inner === undefined && command.commands.length > 0 && /^[a-z][a-z-]*$/.test(word)) {
      if (isDefaultsArgument(command)) continue
      return `${command.name()} has no ${word}`
    }
    command = inner ?? command
  }
  return undefined
}

/** `hindra recheck CASE_ID` reaches the command that is run where none is named. */
function isDefaultsArgument(command: Command): boolean {
  return command.registeredArguments.length > 0
}

function optionsOf(command: Command): ReadonlySet<string> {
  const inherited = command.parent === null ? [] : [...optionsOf(command.parent)]
  const own = command.options.flatMap(({ long, short }) => [long, short])
  // A group without a word runs one of its commands.
  const usual = command.commands.flatMap((one) => one.options.map(({ long }) => long))
  return new Set(
    [...inherited, ...own, ...usual, '--help', '-h'].filter((name) => typeof name === 'string'),
  )
}

function everyOption(command: Command = program): readonly string[] {
  return [
    ...command.options.flatMap(({ long }) => long ?? []),
    ...command.commands.flatMap((inner) => everyOption(inner)),
  ]
}

describe('what the manuals name', () => {
  const commands = MANUALS.flatMap(commandsOf)

  it('are commands and options that there are', () => {
    expect(commands.length).toBeGreaterThan(150)
    const wrong = commands.flatMap(({ where, text }) => {
      const why = wrongWith(text)
      return why === undefined ? [] : [`${where}: hindra ${text}: ${why}`]
    })
    expect(wrong).toEqual([])
  })

  it('a command or an option that is not there would be seen', () => {
    expect(wrongWith('cases shut ID')).toBe('cases has no shut')
    expect(wrongWith('cases close ID --because TEXT')).toBe('close has no --because')
    expect(wrongWith('nothing')).toBe('hindra has no nothing')
    expect(wrongWith('cases close ID --reason TEXT')).toBeUndefined()
  })

  it('are options of some command where they stand alone', () => {
    const known = new Set([...everyOption(), '--help'])
    const alone = MANUALS.flatMap(spansOf).filter(({ text }) => /^--[a-z]/.test(text))
    // Of `npm run bench` and `npm run demo`, beside which they stand.
    const ofScripts = new Set(['--only', '--refs', '--distractors', '--keep', '--seed', '--media'])
    const wrong = alone.filter(({ text }) => {
      const [option = ''] = text.split(/[ =]/)
      return !known.has(option) && !ofScripts.has(option)
    })
    expect(wrong).toEqual([])
    expect(alone.length).toBeGreaterThan(30)
  })

  const paths = loadConfig({ env: {} }).settings.map(({ path }) => path)

  it('are settings that there are, in samples of the settings file', () => {
    const samples = MANUALS.flatMap((page) => blocksOf(textOf(page))).flatMap(({ kind, text }) =>
      kind === 'yaml settings' ? [parse(text) as Record<string, object>] : [],
    )
    const named = samples.flatMap((sample) =>
      Object.entries(sample).flatMap(([section, inner]) =>
        Object.keys(inner).map((name) => `${section}.${name}`),
      ),
    )
    expect(named.length).toBeGreaterThan(0)
    expect(named.filter((path) => !paths.includes(path))).toEqual([])
  })

  it('are settings that there are', () => {
    const sections = new Set(paths.map((path) => path.split('.')[0]))
    const named = MANUALS.flatMap(spansOf).flatMap(({ where, text }) =>
      Array.from(
        text.matchAll(/^([a-z][A-Za-z]*)\.([a-z][A-Za-z]*)(?=$|[:=])/g),
        ([path, section]) => ({
          where,
          path,
          section,
        }),
      ),
    )
    const meant = named.filter(
      ({ where, section = '', path }) =>
        sections.has(section) &&
        !isOperation(path) &&
        !POSTED.test(path) &&
        // A file of the policy may be called as a section is.
        !path.endsWith('.yaml') &&
        !where.endsWith('operations.md'),
    )
    expect(meant.length).toBeGreaterThan(80)
    expect(meant.filter(({ path }) => !paths.includes(path))).toEqual([])
  })
})

/** `notices.list`, `audit.verify`: calls, not settings. */
function isOperation(path: string): boolean {
  return OPERATIONS.has(path)
}
/** Types of webhooks about notices. */
const POSTED = /^takedown\.(notice|reminder|correction)$/
const OPERATIONS = new Set(
  Array.from(textOf('docs/operations.md').matchAll(/^### (\S+)$/gm), ([, name = '']) => name),
)

describe('pages for those who come first', () => {
  it('README is read in one go, and has the two commands', () => {
    const text = textOf('README.md')
    expect(text.split('\n').length).toBeLessThanOrEqual(150)
    expect(text).toContain('\nnpm ci && npm run demo    # the main job')
    expect(text).toContain('\nnpm ci && npm test        # the tests')
  })

  it('the glossary has at most 80 lines', () => {
    const [, glossary = ''] = /^## Glossary\n(.*?)^## /ms.exec(textOf('src/README.md')) ?? []
    expect(glossary.split('\n').length).toBeGreaterThan(40)
    expect(glossary.split('\n').length).toBeLessThanOrEqual(80)
  })

  it('each manual is in the list of manuals', () => {
    const names = pagesBelow('docs').filter((page) => !page.includes('/decisions/'))
    const list = textOf('docs/README.md')
    const missing = names.filter((page) => !list.includes(`(${page.replace('docs/', '')})`))
    expect(missing).toEqual(['docs/README.md'])
  })
})

describe('what pages point to', () => {
  it('is there, with its heading', () => {
    const broken = PAGES.flatMap((page) =>
      Array.from(proseOf(textOf(page)).matchAll(/\]\(([^)\s]+)\)/g), ([, link = '']) => link)
        .filter((link) => !/^[a-z]+:/.test(link))
        .filter((link) => !isThere(page, link))
        .map((link) => `${page}: ${link}`),
    )
    expect(broken).toEqual([])
  })

  it('is a file where inline code names one', () => {
    const folders = readdirSync(ROOT, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !/^(\.|node_modules|dist)/.test(entry.name))
      .map(({ name }) => name)
    const path = new RegExp(`^(${folders.join('|')})/[\\w./*-]+$`)
    const named = PAGES.flatMap(spansOf).filter(({ text }) => path.test(text))
    expect(named.length).toBeGreaterThan(30)
    // A word in capitals stands for any name.
    const missing = named.filter(
      ({ where, text }) =>
        !/\*|[A-Z]{3}/.test(text.replace(/README|CHANGELOG/, '')) && !isBelow(dirname(where), text),
    )
    expect(missing).toEqual([])
  })
})

/** Below the repository, the page's folder, or one between them. */
function isBelow(folder: string, path: string): boolean {
  if (existsSync(join(ROOT, folder, path))) return true
  return folder !== '.' && isBelow(dirname(folder), path)
}

function isThere(page: string, link: string): boolean {
  const [file = '', heading] = link.split('#')
  const target = file === '' ? page : normalize(join(dirname(page), file))
  if (!existsSync(join(ROOT, target))) return false
  return heading === undefined || headingsOf(target).has(heading)
}

/** The anchors that GitHub makes of headings. */
function headingsOf(page: string): ReadonlySet<string> {
  return new Set(
    Array.from(proseOf(textOf(page)).matchAll(/^#+ (.*)$/gm), ([, title = '']) =>
      title
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  )
}
