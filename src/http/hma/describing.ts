import { hma } from './operation.ts'

const PREFIX = '/hma'

export const describing = [
  hma('GET /hma/openapi/openapi.json', {
    needs: 'hma:use',
    says: 'What of HMA’s API is served, as OpenAPI',
    input: {},
    run({ describe }): Promise<Readonly<Record<string, unknown>>> {
      const { info, paths, ...rest } = describe()
      const served = Object.entries(paths as Readonly<Record<string, unknown>>).flatMap(
        ([path, item]) =>
          path.startsWith(`${PREFIX}/`) ? [[path.slice(PREFIX.length), item] as const] : [],
      )
      return Promise.resolve({
        ...rest,
        info: { ...(info as object), title: 'Open Media Match API' },
        paths: Object.fromEntries(served),
      })
    },
  }),
]
