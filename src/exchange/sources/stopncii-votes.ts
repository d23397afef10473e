import { drained, type Voting } from './voting.ts'

/**
 * `POST /SubmitFeedback`, whose endpoint has a key of its own. Nothing is said of what a repetition does,
 * so none is sent unasked.
 */
export const stopNciiVoting: Voting = {
  isRepeatable: false,
  credentials: ['feedbackKey'],

  sender(call, { feedbackKey = '' }) {
    return ({ key, opinion }, onSent) => {
      const hashValue = key.slice(key.indexOf(':') + 1)
      const feedbackValue = opinion === 'agree' ? 'Blocked' : 'NotBlocked'
      return call('/SubmitFeedback', drained, {
        method: 'POST',
        body: JSON.stringify({
          count: 1,
          hashFeedbacks: [{ hashValue, feedbackValue, tags: [] }],
        }),
        headers: { 'x-functions-key': feedbackKey, 'content-type': 'application/json' },
        onSent,
      })
    }
  },
}
