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

interface RouteSource {
  readonly name: string
  readonly answer: ts.Node
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
    for (const { name, answer, isOpen } of routesIn(file)) {
      if (without.includes(name)) continue
      const schema = writer.anyOf(answersOf(answer, isOpen, checker), name)
      if (schema !== undefined) answers[name] = schema
    }
  }
  const types = { answers: sorted(answers), schemas: sorted(writer.schemas) }
  return { types, unexported: [...writer.unexported].sort() }
}

function routesIn(file: ts.SourceFile): readonly RouteSource[] {
  const found: RouteSource[] = []
  const visit = (node: ts.Node): void => {
    const source = ts.isCallExpression(node)
      ? fromCall(node)
      : ts.isObjectLiteralExpression(node)
        ? fromObject(node)
        : undefined
    if (source !== undefined) found.push(source)
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

/** `operation('GET /v1/cases', { input, run })`, and `feed`, `upload` alike. */
function fromCall({ expression, arguments: given }: ts.CallExpression): RouteSource | undefined {
  const [place, declared] = given
  if (!ts.isIdentifier(expression) || !KINDS.includes(expression.text)) return undefined
  const name = textOf(place)
  if (name === undefined || declared === undefined || !ts.isObjectLiteralExpression(declared)) {
    return undefined
  }
  const run = declared.properties.find((property) => property.name?.getText() === 'run')
  if (run === undefined) throw new Error(`${name} runs nothing`)
  return { name, answer: ts.isPropertyAssignment(run) ? run.initializer : run, isOpen: false }
}

/** `{ path: '/livez', answer }`. */
function fromObject({ properties }: ts.ObjectLiteralExpression): RouteSource | undefined {
  const [path, answer] = ['path', 'answer'].map((name) => {
    const property = properties.find((each) => each.name?.getText() === name)
    return property !== undefined && ts.isPropertyAssignment(property)
      ? property.initializer
      : undefined
  })
  const place = textOf(path)
  if (place === undefined || answer === undefined) return undefined
  return { name: `GET ${place}`, answer, isOpen: true }
}

function textOf(node: ts.Node | undefined): string | undefined {
  return node !== undefined && ts.isStringLiteralLike(node) ? node.text : undefined
}

function answersOf(answer: ts.Node, isOpen: boolean, checker: ts.TypeChecker): readonly ts.Type[] {
  const [signature] = checker.getTypeAtLocation(answer).getCallSignatures()
  if (signature === undefined) throw new Error(`no function: ${answer.getText()}`)
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
