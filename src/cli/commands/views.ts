import type { Command } from 'commander'
import type { SavedView } from '../../sessions/index.ts'
import { withExamples } from '../help.ts'
import { table } from '../output.ts'
import type { Shell } from '../shell.ts'

export function define(views: Command, shell: Shell): void {
  withExamples(views, [
    'hindra views',
    'hindra views save "open at Alpha" "/console/cases?status=open&host=alpha.example"',
    'hindra views rename VIEW_ID "Alpha"',
    'hindra views remove VIEW_ID',
  ])

  views
    .command('list', { isDefault: true })
    .description('your views, by name')
    .action(() =>
      shell.withClient(async (client) => {
        shell.output().answer(await client.views.list(), viewsText)
      }),
    )

  views
    .command('save <name> <place>')
    .description('keeps a list: the path and query that its page has in the browser')
    .action((name: string, place: string) =>
      shell.withClient(async (client) => {
        shell.output().answer(await client.views.save({ name, place }), (one) => viewsText([one]))
      }),
    )

  views
    .command('rename <id> <name>')
    .description('gives it another name')
    .action((id: string, name: string) =>
      shell.withClient(async (client) => {
        shell.output().answer(await client.views.rename({ id, name }), (one) => viewsText([one]))
      }),
    )

  views
    .command('remove <id>')
    .description('forgets it')
    .action((id: string) =>
      shell.withClient(async (client) => {
        shell.output().answer(await client.views.remove({ id }), (one) => `${one.id}  removed`)
      }),
    )
}

function viewsText(views: readonly SavedView[]): string {
  return table(
    ['id', 'name', 'place'],
    views.map(({ id, name, place }) => [id, name, place]),
  )
}
