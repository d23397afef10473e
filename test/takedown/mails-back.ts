/** What a mail server writes when it gives up (RFC 3464), as Postfix does. */
export function bounce(
  to: string,
  messageId: string,
  action = 'failed',
  status = '5.1.1',
): string[] {
  return [
    'From: MAILER-DAEMON@mx.example (Mail Delivery System)',
    `To: ${to}`,
    'Subject: Undelivered Mail Returned to Sender',
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b1"',
    '',
    '--b1',
    'Content-Type: text/plain',
    '',
    'I could not deliver it. If you removed it ... please remove the address.',
    '--b1',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example',
    'X-Postfix-Queue-ID: 4F00',
    '',
    'Final-Recipient: rfc822; abuse@alpha.example',
    `Action: ${action}`,
    `Status: ${status}`,
    'Diagnostic-Code: smtp; 550 5.1.1 no such user,',
    '    see https://help.example/550',
    '',
    '--b1',
    'Content-Type: text/rfc822-headers',
    '',
    `Message-ID: ${messageId}`,
    'References: <0193c0de-0000-7000-8000-000000000000@hotline.example>',
    '',
    '--b1--',
    '',
  ]
}

/** What an abuse desk writes back. */
export function reply(to: string, headers: readonly string[], text: readonly string[]): string[] {
  return [
    'From: Abuse Desk <abuse@alpha.example>',
    `To: ${to}`,
    'Subject: Re: Anmälan',
    ...headers,
    'Content-Type: text/plain; charset=utf-8',
    '',
    ...text,
  ]
}
