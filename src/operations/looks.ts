import { z } from 'zod'
import type { Permission } from '../access/terms.ts'
import { LOOK_WAYS, LOOKED_AT, PAGE_PLACES } from '../looks/terms.ts'
import { operation, type Requirement } from './operation.ts'
import { idOf } from './whole-ids.ts'

const record = { of: z.enum(LOOKED_AT), id: idOf('tip', 'case') }

/** What is judged by who may do it: whoever acts so works with what is hard to look at. */
const JUDGING: readonly Permission[] = ['assess', 'case:decide', 'recheck:answer', 'item:verify']

/** Whether an act counts in the day of its person. */
export function isJudging(needs: Requirement): boolean {
  return [needs].flat().some((one) => JUDGING.some((permission) => permission === one))
}

/** What a person is shown of what a URL shows, by an act of its own. */
export const looks = {
  take: operation('POST /v1/looks', {
    needs: 'look',
    says: 'One look at the URL of a case or tip, or of what one decides again: a small grey still, in a browser and by no key',
    input: { ...record, way: z.enum(LOOK_WAYS).default('small-grey') },
    run: ({ looks: stage }, by, asked) => stage.take(by, asked),
  }),
  text: operation('POST /v1/looks/text', {
    needs: 'look',
    says: 'What a page of a case or tip says now: title, text and links, and no media; to a person',
    input: {
      ...record,
      at: z
        .enum(PAGE_PLACES)
        .default('url')
        .describe('The URL of the record, or that of the page on which it was seen'),
    },
    run: ({ looks: stage }, by, asked) => stage.text(by, asked),
  }),
  url: operation('POST /v1/looks/url', {
    needs: 'look',
    says: 'The URL as it is, to be copied to the machine on which the house opens such, in a browser and by no key',
    input: record,
    run: ({ looks: stage }, by, { of, id }) => stage.url(by, of, id),
  }),
  own: operation('GET /v1/looks/own', {
    needs: 'signed-in',
    says: 'How long one has worked today and how often one has looked, and what is left of it',
    input: {},
    run: ({ looks: stage }, by) => stage.own(by),
  }),
}
