/**
 * What is taken for true of AWS Abuse Signal, all in one place. It was announced with hosts, the service of the
 * signature, `POST /v1/abuse`, its tokens, states and outcomes. Nothing public says how the body's fields are named
 * around the report, what the answer calls its id, or how its state is read (`assumed`): those are guesses, which
 * nobody has tried there. An answer that does not fit them waits for a person.
 */
export const AWS_TERMS = {
  service: 'abuse',
  endpoint: (region: string) => `https://abuse.${region}.amazonaws.com`,
  reports: '/v1/abuse',
  correlationMax: 256,
  /** Assumed. */
  fields: {
    token: 'clientToken',
    correlation: 'correlationId',
    report: 'report',
    tags: 'tags',
    id: 'reportId',
    state: 'status',
    outcome: 'outcome',
    error: '__type',
  },
  /** Assumed: `GET` of a report by the id in the answer to it. */
  report: (id: string) => `/v1/abuse/${encodeURIComponent(id)}`,
  testTag: { lifecycle: 'test' },
  pending: ['QUEUED', 'PROCESSING'],
  completed: 'COMPLETED',
  /** Assumed: the words that other APIs of AWS have for asking to come again, and for a key that does not do. */
  throttled: ['ThrottlingException', 'TooManyRequestsException', 'RequestLimitExceeded'],
  noAccess: [
    ...['AccessDeniedException', 'UnrecognizedClientException', 'InvalidSignatureException'],
    ...[
      'ExpiredTokenException',
      'MissingAuthenticationTokenException',
      'IncompleteSignatureException',
    ],
  ],
} as const

/**
 * What an outcome does to the case. `acted`: they say so, and a look sees whether it is gone. `look`: a look and
 * nothing more. `elsewhere`: it is not theirs. `read`: a person must know.
 */
interface AwsOutcome {
  readonly does: 'acted' | 'look' | 'elsewhere' | 'read'
  /** What a person reads beside the word. */
  readonly says: string
}

export const AWS_OUTCOMES: Readonly<Record<string, AwsOutcome>> = {
  ACTIONED: { does: 'acted', says: 'AWS says that it has acted' },
  NOT_RESOLVABLE_TO_AWS: { does: 'elsewhere', says: 'AWS says that the address is none of theirs' },
  REVIEWED_NO_AWS_ACTION: { does: 'read', says: 'AWS has looked at it and does nothing' },
  CONTENT_DOWN_OR_INACCESSIBLE: {
    does: 'look',
    says: 'AWS says that it is gone, or that they cannot reach it',
  },
  NEED_MORE_INFORMATION: { does: 'read', says: 'AWS asks for more: a person answers them' },
}
