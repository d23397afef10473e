import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ROOT } from './page.ts'
import { operationsPage, rolesPage, routesTable } from './reference.ts'

// All are written by: npx vitest run test/docs/reference.test.ts --update=true

it('docs/roles.md says what the code says (else --update=true writes it)', async () => {
  await expect(rolesPage()).toMatchFileSnapshot(join(ROOT, 'docs/roles.md'))
})

it('docs/operations.md says what the code says (else --update=true writes it)', async () => {
  await expect(operationsPage()).toMatchFileSnapshot(join(ROOT, 'docs/operations.md'))
})

it('src/client/routes.ts has every operation that answers JSON (else --update=true writes it)', async () => {
  await expect(routesTable()).toMatchFileSnapshot(join(ROOT, 'src/client/routes.ts'))
})
