import { z } from 'zod'
import { HindraError } from '../../errors.ts'
import {
  type Asked,
  type Declared,
  type Fields,
  type Operation,
  type DeclaredReading,
  type SchemaOf,
  type UploadOperation,
  usualRate,
} from '../../operations/index.ts'

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'
type HmaPlace = `${Method} /hma/${string}`

/**
 * What can be asked by HMA's API: shapes, words and status codes are HMA's; guard, check, audit and limits are those
 * of every operation. Its input has the fields of path and query, the body as `json`, and the file of a form as `file`.
 */
export interface HmaOperation<Schema extends z.ZodType = z.ZodType, Answer = unknown>
  extends Asked<Schema, Answer> {
  readonly method: Method
  readonly words: 'alone'
  /** Where it takes a file: the names that its part may have, one of which is sent. */
  readonly form?: UploadOperation['form']
  /** Its form may have a note and metadata beside the file: the same fields as in `json`. */
  readonly takesNotes?: true
  /** Hindra has no use for it, and says why to whoever asks. */
  readonly isRefused?: true
}

/** Declares an operation of HMA's API. What its schemas do not name is passed over, as HMA does. */
export function hma<const Input extends Fields, Answer>(
  place: HmaPlace,
  declared: Declared & {
    readonly input: Input
    readonly status?: 201
    readonly takesNotes?: true
    readonly reads?: DeclaredReading
    run: Operation<SchemaOf<Input>, Answer>['run']
  },
): HmaOperation<SchemaOf<Input>, Answer> {
  const [method, path] = place.split(' ') as [Method, string]
  const { input, ...rest } = declared
  const schema = input instanceof z.ZodType ? input : z.object(input)
  const takesFile = !(input instanceof z.ZodType) && Object.hasOwn(input, 'file')
  return {
    method,
    path,
    rate: usualRate(method),
    status: 200,
    body: () => 'small',
    ...rest,
    // TypeScript cannot see that the schema of either kind has the fields that SchemaOf says.
    input: schema as SchemaOf<Input>,
    words: 'alone',
    ...(takesFile ? { form: mediaForm } : {}),
  }
}

/** Declares what HMA has and Hindra has no use for, and why. */
export function refused(place: HmaPlace, why: string): HmaOperation {
  const declared = hma(place, {
    needs: 'hma:use',
    says: `Refused: ${why}`,
    input: {},
    run: () => Promise.reject(new HindraError('FORBIDDEN', why)),
  })
  return { ...declared, isRefused: true }
}

/** HMA refuses with 400 what a schema alone cannot judge, too. */
export function badRequest(message: string): HindraError {
  return new HindraError('INVALID_INPUT', message)
}

const mediaForm: UploadOperation['form'] = ({ decode }) => {
  const limit = { bytesMax: decode.bytesMax, setting: 'decode.bytesMax' }
  return { photo: limit, video: limit }
}
