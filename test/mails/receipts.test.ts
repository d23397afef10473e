import { describe, expect, it } from 'vitest'
import { readIncoming } from '../../src/mails/incoming.ts'

interface Written {
  readonly what: string
  readonly subject: string
  readonly headers?: readonly string[]
  readonly text: readonly string[]
}

const QUOTE = [
  '',
  'On Mon, 2 Nov 2026, Hotline wrote:',
  '> Please remove https://host.example/a.jpg',
]

function mail({ subject, headers = [], text }: Written, type = 'text/plain'): Uint8Array {
  const head = ['From: Abuse <abuse@host.example>', 'To: notices@hotline.example']
  const lines = [
    ...head,
    `Subject: ${subject}`,
    ...headers,
    `Content-Type: ${type}; charset=utf-8`,
    '',
    ...text,
  ]
  return Buffer.from(lines.join('\r\n'))
}

const RT = [
  'RT-Ticket: host.example #48213',
  'X-RT-Loop-Prevention: host.example',
  'Managed-by: RT 5.0.4 (http://www.bestpractical.com/rt/)',
  'Precedence: bulk',
]
const ZENDESK = [
  'X-Mailer: Zendesk Mailer',
  'X-Auto-Response-Suppress: All',
  'Auto-Submitted: auto-generated',
  'X-Zendesk-From-Account-Id: 81c2f1',
]
const OTRS = ['X-Mailer: OTRS Mail Service (6.0.30)', 'X-Powered-By: OTRS (https://otrs.com/)']
const JIRA = ['X-JIRA-FingerPrint: 6a1ec7', 'Precedence: bulk', 'Auto-Submitted: auto-generated']
const FRESHDESK = ['X-FD-Ticket: 77101', 'X-Auto-Response-Suppress: DR, RN, OOF, AutoReply']

/** What the ticket systems of hosts write back by themselves. */
const RECEIPTS: readonly Written[] = [
  {
    what: 'Request Tracker',
    subject: '[host.example #48213] AutoReply: Notice of illegal content',
    headers: RT,
    text: [
      'Greetings,',
      '',
      'This message has been automatically generated in response to the',
      'creation of a trouble ticket regarding:',
      '        "Notice of illegal content",',
      'a summary of which appears below.',
      '',
      'There is no need to reply to this message right now.  Your ticket has been',
      'assigned an ID of [host.example #48213].',
      '',
      'Please include the string:',
      '         [host.example #48213]',
      'in the subject line of all future correspondence about this issue. To do so,',
      'you may reply to this message.',
      '',
      '                        Thank you,',
    ],
  },
  {
    what: 'Zendesk',
    subject: '[Request received] Notice of illegal content',
    headers: ZENDESK,
    text: [
      '##- Please type your reply above this line -##',
      '',
      'Your request (118823) has been received and is being reviewed by our support staff.',
      '',
      'To add additional comments, reply to this email.',
      '',
      'This email is a service from Host Example. Delivered by Zendesk',
    ],
  },
  {
    what: 'OTRS, known by its subject alone',
    subject: '[Ticket#2026110210000341] RE: Anmälan om olagligt innehåll',
    text: [
      'Tack för ditt meddelande. Ditt ärende har registrerats med nummer 2026110210000341.',
      'Svara inte på detta mail om du vill lägga till något.',
      '',
      'Med vänlig hälsning',
      'Abuse',
    ],
  },
  {
    what: 'Jira Service Management',
    subject: 'ABUSE-3391 Notice of illegal content',
    headers: JIRA,
    text: [
      'Just confirming that we have received your request. We are on it.',
      '',
      'View request: https://jira.host.example/servicedesk/customer/portal/7/ABUSE-3391?sda_source=x',
      'This is shared with Hotline.',
    ],
  },
  {
    what: 'Freshdesk',
    subject: 'Ticket Received - Notice of illegal content',
    headers: FRESHDESK,
    text: [
      'Dear Hotline,',
      'We would like to acknowledge that we have received your request and a ticket has been created.',
      'A support representative will be reviewing your request and will send you a personal response.',
      'Thank you for your patience.',
    ],
  },
  {
    what: 'WHMCS without any header',
    subject: '[Ticket ID: 559201] Notice of illegal content',
    text: [
      'Hotline,',
      '',
      'Thank you for contacting our abuse team. A support ticket has now been opened for your request.',
      'Subject: Notice of illegal content',
      'Priority: High',
      'Status: Open',
    ],
  },
  {
    what: 'German, with RFC 3834',
    subject: 'Eingangsbestätigung: Notice of illegal content',
    headers: ['Auto-Submitted: auto-replied'],
    text: ['Vielen Dank für Ihre Meldung. Sie ist bei uns eingegangen.', 'Ihr Abuse-Team'],
  },
  {
    what: 'somebody who is away',
    subject: 'Automatic reply: Notice of illegal content',
    text: ['I am on leave until 9 November and read mail when I am back.'],
  },
  {
    what: 'a vacation program of Unix',
    subject: 'Re: Notice of illegal content',
    headers: ['Precedence: auto_reply', 'X-Autorespond: Re: Notice'],
    text: ['Your mail has arrived at the abuse desk of Host Example.'],
  },
]

/** What their people write by the same systems, with the same headers. */
const ANSWERS: readonly Written[] = [
  {
    what: 'a person in Request Tracker who acted',
    subject: 'Re: [host.example #48213] Notice of illegal content',
    headers: RT,
    text: [
      'Hello,',
      '',
      'thank you for your report. It is gone now.',
      '',
      'Regards, Tom',
      ...QUOTE,
    ],
  },
  {
    what: 'a person in Request Tracker who passes it on',
    subject: 'Re: [host.example #48213] Notice of illegal content',
    headers: RT,
    text: ['We have received your report and forwarded it to the reseller, who has 24 hours.'],
  },
  {
    what: 'Zendesk, with a question',
    subject: '[Host] Re: Notice of illegal content',
    headers: ZENDESK,
    text: ['Thank you for contacting us. Which of the two files do you mean?'],
  },
  {
    what: 'Jira, solved',
    subject: 'ABUSE-3391 Notice of illegal content',
    headers: JIRA,
    text: ['Ola Nordmann resolved this as Done. Thanks for reporting.'],
  },
  {
    what: 'Jira, another desk',
    subject: 'ABUSE-3391 Notice of illegal content',
    headers: JIRA,
    text: ['We received your request. Please use our web form at https://host.example/abuse.'],
  },
  {
    what: 'OTRS, refused',
    subject: '[Ticket#2026110210000341] RE: Anmälan',
    headers: OTRS,
    text: ['Tack för din anmälan. Vi lagrar inte innehållet, kontakta ägaren av nätet.'],
  },
  {
    what: 'OTRS, done in Swedish',
    subject: '[Ticket#2026110210000341] RE: Anmälan',
    headers: OTRS,
    text: ['Tack för din anmälan, bilden är borttagen och kontot avstängt.'],
  },
  {
    what: 'an automatic answer that nobody reads the mailbox',
    subject: 'Automatic reply: Notice',
    headers: ['Auto-Submitted: auto-replied'],
    text: ['This mailbox is not monitored. Send your report to legal@host.example.'],
  },
  {
    what: 'a removal told by a machine',
    subject: 'Ticket Received - Notice of illegal content',
    headers: [...FRESHDESK, 'Auto-Submitted: auto-replied'],
    text: ['We have received your request. The file has been deleted automatically.'],
  },
  {
    what: 'a refusal by a machine',
    subject: 'Re: Notice',
    headers: ['Auto-Submitted: auto-replied'],
    text: ['Your report has been received. We do not host this content.'],
  },
  {
    what: 'a closed ticket',
    subject: '[Ticket ID: 559201] Notice of illegal content',
    text: ['Thank you for contacting us. This ticket has been closed.'],
  },
  {
    what: 'German, passed on',
    subject: 'Re: [Ticket#88120] Notice',
    headers: OTRS,
    text: ['Vielen Dank für Ihre Meldung. Wir haben sie an unseren Kunden weitergeleitet.'],
  },
  {
    what: 'a person, without any sign of a machine',
    subject: 'Re: Notice of illegal content',
    text: ['Thank you for your report, we have received it.'],
  },
  {
    what: 'a machine of nobody knows what, in a language that is not read here',
    subject: 'Re: Notice',
    headers: ['Precedence: bulk'],
    text: ['Bildirdiğiniz içerik incelendi.'],
  },
]

describe('a receipt', () => {
  it.each(RECEIPTS)('of $what says nothing that a person must read', async (written) => {
    expect((await readIncoming(mail(written))).isReceipt).toBe(true)
    const html = written.text.map((line) => `${line.replaceAll('<', '&lt;')}<br>`)
    expect((await readIncoming(mail({ ...written, text: html }, 'text/html'))).isReceipt).toBe(true)
  })

  it.each(RECEIPTS)('of $what is none once it says what was done', async (written) => {
    for (const more of ['The file was removed.', 'Filen är raderad.', 'Why do you ask?']) {
      const read = await readIncoming(mail({ ...written, text: [...written.text, more] }))
      expect([more, read.isReceipt]).toEqual([more, false])
    }
  })

  it('is none where there is more than was read, or a file beside it', async () => {
    const [first] = RECEIPTS
    if (first === undefined) throw new Error('there are none')
    const long = { ...first, text: [...first.text, 'Thank you. '.repeat(500)] }
    expect((await readIncoming(mail(long))).isReceipt).toBe(false)
    const parts = [
      ...['--b', 'Content-Type: text/plain', '', ...first.text],
      ...['--b', 'Content-Type: application/pdf; name="decision.pdf"', '', '%PDF', '--b--'],
    ]
    const mixed = mail({ ...first, text: parts }, 'multipart/mixed; boundary=b')
    expect((await readIncoming(mixed)).isReceipt).toBe(false)
  })
})

describe('an answer', () => {
  it.each(ANSWERS)('of $what stays to be read', async (written) => {
    expect((await readIncoming(mail(written))).isReceipt).toBe(false)
  })
})

describe('the world', () => {
  it('writes subjects and texts of one word without end, and costs no more than they are long', async () => {
    for (const piece of ['[#', 'a@', 'do not ', 'ticket #', 'http://', '[Ticket#1 ', 'please ']) {
      const text = [piece.repeat(20_000)]
      const written = { what: piece, subject: piece.repeat(2_000), headers: RT, text }
      expect((await readIncoming(mail(written))).isReceipt).toBe(false)
    }
  })
})
