import type { Engine } from '../../engine.ts'
import type { DownloadRoute } from '../route.ts'

export function downloadRoutes(engine: Engine): readonly DownloadRoute[] {
  return [
    {
      path: '/v1/backup',
      permission: 'backup',
      contentType: 'application/octet-stream',
      answer: (by) => engine.backup(by),
    },
  ]
}
