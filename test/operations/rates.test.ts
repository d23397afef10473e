import { expect, it } from 'vitest'
import { namedOperations, usualRate } from '../../src/operations/index.ts'
import { operation, text } from '../../src/operations/operation.ts'

it('how often something may be asked follows from its method, but for sightings and who watches', () => {
  const unusual = namedOperations().flatMap(([name, { method, rate }]) =>
    rate === usualRate(method) ? [] : [[name, rate]],
  )
  expect(unusual).toEqual([
    ['sightings.submit', 'feed'],
    ['sightings.submitMedia', 'upload'],
    ['sightings.screen', 'feed'],
    ['sightings.screenMedia', 'upload'],
    ['sightings.scan', 'feed'],
    ['system.metrics', 'watch'],
  ])
})

it('an operation may declare another', () => {
  const declared = { needs: 'signed-in', says: 'An example' } as const
  const search = operation('POST /v1/examples/search', {
    ...declared,
    rate: 'read',
    input: {},
    run: () => Promise.resolve([]),
  })
  const report = text('GET /v1/report', {
    ...declared,
    rate: 'read',
    contentType: 'text/plain',
    run: () => Promise.resolve(''),
  })
  expect([search.rate, report.rate]).toEqual(['read', 'read'])
})
