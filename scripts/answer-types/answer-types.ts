import { join, resolve } from 'node:path'
import ts from 'typescript'
import type { AnswerTypes } from '../../src/http/openapi/answer-types.ts'
import { PUBLISHED_ANSWERS } from '../../src/http/openapi/bodies.ts'
import { type JsonSchema, schemaNames } from '../../src/operations/index.ts'
import { createSchemaWriter } from './type-schema.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const SOURCES = join(ROOT, 'src/')

/** Kinds of operations that answer JSON. */
const KINDS = ['operation', 'feed', 'upload', 'hma']

/** What declares operations whose `run` is its own: an act upon many. */
const WRAPPERS = ['batch']

interface RouteSource {
  readonly name: string
  /** Of what answers it. */
  readonly run: ts.Type
  /** Open routes answer `{status, body}`. */
  readonly isOpen: boolean
}

export interface CurrentAnswerTypes {
  readonly types: AnswerTypes
  /** Names of types that are answered and that only their own file knows. */
  readonly unexported: readonly string[]
}

/** The types of all answers, as the code is now. */
export function currentAnswerTypes(): CurrentAnswerTypes {
  return answerTypesOf(schemaNames, Object.keys(PUBLISHED_ANSWERS))
}

/**
 * Reads operations out of their sources: calls of `operation` and its like, and, of the open routes, object literals
 * that have a path and an answer. Throws where an answer holds what JSON cannot: bytes, functions.
 *
 * @param taken names that mean something else in the document; a type of that name gets another one
 * @param without routes that are described otherwise
 */
function answerTypesOf(taken: readonly string[], without: readonly string[]): CurrentAnswerTypes {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), (path) =>
    ts.sys.readFile(path),
  ) as { config: object }
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT)
  const program = ts.createProgram([join(SOURCES, 'http/face.ts')], options)
  const checker = program.getTypeChecker()
  const writer = createSchemaWriter(checker, { sources: SOURCES, taken })
  const answers: Record<string, JsonSchema> = {}
  for (const file of program.getSourceFiles()) {
    if (!/src\/(operations\/|http\/(hma\/|open-routes))/.test(file.fileName)) continue
    for (const { name, run, isOpen } of routesIn(file, checker)) {
      if (without.includes(name)) continue
      const schema = writer.anyOf(answersOf(name, run, isOpen, checker), name)
      if (schema !== undefined) answers[name] = schema
    }
  }
  const types = { answers: sorted(answers), schemas: sorted(writer.schemas) }
  return { types, unexported: [...writer.unexported].sort() }
}

function routesIn(file: ts.SourceFile, checker: ts.TypeChecker): readonly RouteSource[] {
  const found: RouteSource[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) found.push(...fromCall(node, checker))
    else if (ts.isObjectLiteralExpression(node)) found.push(...fromObject(node, checker))
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

/** `operation('GET /v1/cases', { input, run })`, and `feed`, `upload` alike; `batch` has a `run` of its own. */
function fromCall(call: ts.CallExpression, checker: ts.TypeChecker): readonly RouteSource[] {
  const { expression, arguments: given } = call
  const [place, declared] = given
  if (!ts.isIdentifier(expression) || place === undefined) return []
  const names = placesOf(place, checker)
  if (WRAPPERS.includes(expression.text)) {
    const made = checker.getTypeAtLocation(call).getProperty('run')
    if (made === undefined) throw new Error(`${place.getText()} runs nothing`)
    const run = checker.getTypeOfSymbol(made)
    return names.map((name) => ({ name, run, isOpen: false }))
  }
  if (!KINDS.includes(expression.text)) return []
  if (declared === undefined || !ts.isObjectLiteralExpression(declared)) return []
  const own = declared.properties.find((property) => property.name?.getText() === 'run')
  return names.map((name) => {
    if (own === undefined) throw new Error(`${name} runs nothing`)
    const answer = ts.isPropertyAssignment(own) ? own.initializer : own
    return { name, run: checker.getTypeAtLocation(answer), isOpen: false }
  })
}

/** `{ path: '/livez', answer }`. */
function fromObject(
  { properties }: ts.ObjectLiteralExpression,
  checker: ts.TypeChecker,
): readonly RouteSource[] {
  const [path, answer] = ['path', 'answer'].map((name) => {
    const property = properties.find((each) => each.name?.getText() === name)
    return property !== undefined && ts.isPropertyAssignment(property)
      ? property.initializer
      : undefined
  })
  if (path === undefined || !ts.isStringLiteralLike(path) || answer === undefined) return []
  return [{ name: `GET ${path.text}`, run: checker.getTypeAtLocation(answer), isOpen: true }]
}

/** One place, or, of a template that is one of a few texts, each of them; none of what is any text. */
function placesOf(place: ts.Node, checker: ts.TypeChecker): readonly string[] {
  const type = checker.getTypeAtLocation(place)
  const parts = type.isUnion() ? type.types : [type]
  return parts.flatMap((part) => (part.isStringLiteral() ? [part.value] : []))
}

function answersOf(
  name: string,
  run: ts.Type,
  isOpen: boolean,
  checker: ts.TypeChecker,
): readonly ts.Type[] {
  const [signature] = run.getCallSignatures()
  if (signature === undefined) throw new Error(`no function: ${name}`)
  const returned = signature.getReturnType()
  const awaited = checker.getAwaitedType(returned) ?? returned
  if (!isOpen) return [awaited]
  const parts = awaited.isUnion() ? awaited.types : [awaited]
  return parts
    .flatMap((part) => part.getProperty('body') ?? [])
    .map((body) => checker.getTypeOfSymbol(body))
}

function sorted<T>(record: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)))
}
