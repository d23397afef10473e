import { z } from 'zod'
import { operation } from './operation.ts'
import { idOf } from './whole-ids.ts'

const id = idOf('view')
const name = z.string().trim().min(1).max(80)

/** Lists as somebody wants to see them again, each person's own. */
export const views = {
  list: operation('GET /v1/own-views', {
    needs: 'signed-in',
    says: 'Lists that one keeps by a name, with what they are narrowed by',
    input: {},
    run: ({ sessions }, by) => sessions.views.list(by),
  }),
  save: operation('POST /v1/own-views', {
    needs: 'signed-in',
    says: 'Keeps a list of the console by a name, as it is narrowed now',
    input: {
      name,
      place: z
        .string()
        .min(1)
        .max(2_000)
        .describe('Path and query of the page: /console/cases?status=open'),
    },
    status: 201,
    run: ({ sessions }, by, view) => sessions.views.save(by, view),
  }),
  rename: operation('POST /v1/own-views/:id/rename', {
    needs: 'signed-in',
    says: 'Gives a list that one keeps another name',
    input: { id, name },
    run: ({ sessions }, by, view) => sessions.views.rename(by, view.id, view.name),
  }),
  remove: operation('POST /v1/own-views/:id/remove', {
    needs: 'signed-in',
    says: 'Forgets a list that one keeps',
    input: { id },
    run: ({ sessions }, by, view) => sessions.views.remove(by, view.id),
  }),
}
