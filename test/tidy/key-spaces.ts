import { readdirSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import ts from 'typescript'

const STORE = 'src/store'
/** What opens a key space: a stage that is handed one can read and write what another stage keeps. */
const OPENERS = ['KeySpace', 'Collection', 'Table', 'Index', 'SealedLog', 'Expiring']

export interface KeySpaceReport {
  /** Names of the declared key spaces. */
  readonly names: readonly string[]
  /** `file:line: what is wrong`. */
  readonly violations: readonly string[]
}

/**
 * Checks that each key space is declared once, that keys are made by declared spaces alone, and that no
 * stage exports one of its own.
 *
 * @param planted Files that are not there, or are otherwise, by their path below `root`
 */
export function checkKeySpaces(
  root: string,
  planted: Readonly<Record<string, string>> = {},
): KeySpaceReport {
  const program = programOf(root, planted)
  const checker = program.getTypeChecker()
  const keyType = typeOfKey(program, checker, join(root, STORE, 'port.ts'))
  const places = new Map<string, string[]>()
  const violations: string[] = []

  for (const file of program.getSourceFiles()) {
    const name = relative(root, file.fileName)
    if (!name.startsWith('src/')) continue
    const isStore = dirname(name) === STORE
    // Nobody else has a use for keys, and to know the types of everything takes its time.
    const mayMakeKeys = !isStore && /\b(?:tx|reading|Key)\b|\.(?:changes|scrub)\(/.test(file.text)
    visit(file, (node) => {
      const declared = declaredName(node)
      if (declared === null) complain(node, 'a key space has a name that is not written out')
      else if (declared !== undefined) {
        places.set(declared, [...(places.get(declared) ?? []), placeOf(node)])
      }
      if (mayMakeKeys && ts.isExpression(node) && isMadeByHand(node)) {
        complain(node, `a key is made by hand: ${node.getText()}`)
      }
    })
    if (!isStore && /^src\/\w+\/index\.ts$/.test(name)) checkExports(file)
  }
  for (const [name, all] of places) {
    if (all.length > 1) violations.push(`${all.join(', ')}: ${name} is declared more than once`)
  }
  return { names: [...places.keys()].sort(), violations }

  function complain(node: ts.Node, what: string): void {
    violations.push(`${placeOf(node)}: ${what}`)
  }

  function placeOf(node: ts.Node): string {
    const file = node.getSourceFile()
    const { line } = file.getLineAndCharacterOfPosition(node.getStart())
    return `${relative(root, file.fileName)}:${line + 1}`
  }

  /** Whether a key is wanted here and something else is given: what no key space has made. */
  function isMadeByHand(node: ts.Expression): boolean {
    if (!isGiven(node)) return false
    const context = checker.getContextualType(node)
    if (context === undefined) return false
    const wanted = checker.getNonNullableType(context)
    if (wanted === keyType) {
      return ts.isArrayLiteralExpression(node) || !isKey(checker.getTypeAtLocation(node))
    }
    // Of a list of keys that is written out each is looked at for itself.
    const isList = checker.isArrayType(wanted) && wanted.getNumberIndexType() === keyType
    if (!isList || ts.isArrayLiteralExpression(node)) return false
    const one = checker.getTypeAtLocation(node).getNumberIndexType()
    return one !== undefined && !isKey(one)
  }

  function isKey(type: ts.Type): boolean {
    const given = checker.getNonNullableType(type)
    return given === keyType || (given.flags & ts.TypeFlags.Never) !== 0
  }

  function checkExports(file: ts.SourceFile): void {
    const module = checker.getSymbolAtLocation(file)
    for (const symbol of module === undefined ? [] : checker.getExportsOfModule(module)) {
      const isAlias = (symbol.flags & ts.SymbolFlags.Alias) !== 0
      const value = isAlias ? checker.getAliasedSymbol(symbol) : symbol
      if ((value.flags & ts.SymbolFlags.Value) === 0) continue
      const type = checker.getTypeOfSymbol(value)
      const result = type.getCallSignatures()[0]?.getReturnType()
      if (opens(type) || (result !== undefined && opens(result))) {
        complain(file, `${symbol.name} opens a key space to other stages`)
      }
    }
  }

  function opens(type: ts.Type): boolean {
    return type === keyType || OPENERS.includes((type.aliasSymbol ?? type.getSymbol())?.name ?? '')
  }
}

/** The name that is declared here; null where it cannot be read off, undefined where none is. */
function declaredName(node: ts.Node): string | null | undefined {
  if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression)) return undefined
  if (node.expression.text !== 'keySpace') return undefined
  const parts = node.arguments.map((part) => {
    if (ts.isStringLiteral(part)) return part.text
    // Of one record each: what they have in common is the name.
    return ts.isTemplateExpression(part) && part.head.text !== '' ? `${part.head.text}*` : null
  })
  return parts.includes(null) || parts.length === 0 ? null : parts.join('/')
}

/** Arguments, values of properties and variables, and results: the rest of an expression is looked at there. */
function isGiven(node: ts.Expression): boolean {
  const { parent } = node
  if (ts.isPropertyAssignment(parent) || ts.isVariableDeclaration(parent)) {
    return parent.initializer === node
  }
  return (
    ts.isCallExpression(parent) ||
    ts.isNewExpression(parent) ||
    ts.isReturnStatement(parent) ||
    ts.isArrowFunction(parent) ||
    ts.isConditionalExpression(parent) ||
    ts.isArrayLiteralExpression(parent) ||
    ts.isAsExpression(parent)
  )
}

function visit(node: ts.Node, look: (node: ts.Node) => void): void {
  look(node)
  ts.forEachChild(node, (child) => {
    visit(child, look)
  })
}

function typeOfKey(program: ts.Program, checker: ts.TypeChecker, path: string): ts.Type {
  const alias = program
    .getSourceFile(path)
    ?.statements.find((one) => ts.isTypeAliasDeclaration(one) && one.name.text === 'Key')
  if (alias === undefined) throw new Error('the store has no type of its keys')
  return checker.getTypeAtLocation(alias)
}

function programOf(root: string, planted: Readonly<Record<string, string>>): ts.Program {
  const settings = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path))
  const { options } = ts.parseJsonConfigFileContent(settings.config, ts.sys, root)
  const texts = new Map(Object.entries(planted).map(([name, text]) => [resolve(root, name), text]))
  const host = ts.createCompilerHost(options)
  const read = host.readFile.bind(host)
  const exists = host.fileExists.bind(host)
  host.readFile = (path) => texts.get(path) ?? read(path)
  host.fileExists = (path) => texts.has(path) || exists(path)
  // Nor is the folder of what is planted.
  host.directoryExists = () => true
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => join(root, 'src', name))
  return ts.createProgram([...new Set([...files, ...texts.keys()])], options, host)
}
