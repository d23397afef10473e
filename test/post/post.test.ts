import { configWith } from '../../src/config.ts'
import { tableResolver } from '../intake/table-resolver.ts'
import { createDestinations, createPost } from '../../src/post/index.ts'
import { postContract } from '../contract/post.ts'
import { type Receiver, startReceiver } from '../takedown/receiver.ts'

const ANSWERS = {
  accept: { status: 204 },
  refuse: { status: 400 },
  later: { status: 503, headers: { 'retry-after': '60' } },
  broken: { status: 500 },
  'take-and-drop': 'take-and-drop',
} as const

postContract('over HTTP', async () => {
  const receiver = await startReceiver()
  const { webhooks } = configWith({ 'webhooks.allowHttpLoopback': true })
  const destinations = createDestinations(webhooks, tableResolver({}))
  return {
    post: createPost(destinations, { timeoutSeconds: 5, userAgent: 'Hindra/test' }),
    url: `${receiver.url}/hooks`,
    taken: () => kept(receiver),
    async behave(behaviour) {
      if (behaviour === 'away') await receiver.close()
      else receiver.behave(ANSWERS[behaviour])
    },
    close: () => receiver.close(),
  }
})

function kept({ received, url }: Receiver) {
  return received.map(({ path, headers, body }) => ({
    url: url + path,
    body,
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, String(value)]),
    ),
  }))
}
