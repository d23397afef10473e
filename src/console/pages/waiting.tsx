import { z } from 'zod'
import { ErrandRows } from '../components/errand-rows.tsx'
import { Live } from '../components/live.tsx'
import { page } from '../page.ts'

/** What waits for a person beside tips and decisions. */
export const waitingPage = page({
  path: '/console/waiting',
  needs: 'notice:read',
  input: z.object({}),
  async show({ words, calls }) {
    const rows = await calls.waiting.list({ limit: 1_000 })
    return {
      title: words.waiting.title,
      body: (
        <Live id="waiting" of={['cases', 'notices', 'tips']}>
          <ErrandRows rows={rows} />
        </Live>
      ),
    }
  },
})
