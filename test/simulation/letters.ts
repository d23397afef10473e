/** What hosts and mail systems answer to a notice. */
export function claimTo(to: string): string {
  return `From: abuse@host.example\r\nTo: ${to}\r\n\r\nThe content has been removed.\r\n`
}

export function bounceTo(to: string): string {
  return [
    `From: MAILER-DAEMON@mx.example`,
    `To: ${to}`,
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    '',
    '--b',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example',
    '',
    'Final-Recipient: rfc822; abuse@host.example',
    'Action: failed',
    'Status: 5.1.1',
    '',
    '--b--',
    '',
  ].join('\r\n')
}
