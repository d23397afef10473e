import { type HostileServer, pour, redirect } from './hostile-behaviour.ts'

export const hostileRedirects: readonly HostileServer[] = [
  { name: 'a redirect to itself', code: 'FETCH_FAILED', says: 'redirectsMax', http: redirect('/') },
  {
    name: 'two redirects to each other',
    code: 'FETCH_FAILED',
    says: 'redirectsMax',
    http: (request, response) => {
      redirect(request.url === '/a' ? '/b' : '/a')(request, response)
    },
  },
  {
    name: 'ever new redirects',
    code: 'FETCH_FAILED',
    says: 'redirectsMax',
    http: (request, response) => {
      redirect(`${request.url ?? ''}a`)(request, response)
    },
  },
  {
    name: 'a redirect with a body without end',
    code: 'FETCH_REFUSED',
    says: 'special address',
    http: (_request, response) => {
      response.writeHead(301, { location: 'http://10.0.0.1/' })
      pour(response, Buffer.alloc(65_536))
    },
  },
  ...[
    'http://127.0.0.2:PORT/',
    'http://0x7f.2:PORT/',
    'http://2130706434:PORT/',
    '//127.0.0.2:PORT/',
    '\\\\127.0.0.2:PORT/',
    'http://[::1]:PORT/',
    'http://[::ffff:127.0.0.2]:PORT/',
    'http://169.254.169.254/latest/meta-data/',
    'http://metadata.google.internal/',
    'http://localhost:PORT/',
    'http://0:PORT/',
    'http://media.example:22/',
    'http://user:password@media.example:PORT/',
    'https://media.example:6443/',
    'file:///etc/passwd',
    'ftp://media.example/',
    'gopher://127.0.0.1:6379/_INFO',
    'data:text/html,x',
    'javascript:1',
    'http://[/',
    `/${'a'.repeat(9_000)}`,
  ].map(
    (target): HostileServer => ({
      name: `a redirect to ${target.slice(0, 40)}`,
      code: 'FETCH_REFUSED',
      says: '',
      http: redirect(target),
    }),
  ),
  {
    name: 'a redirect to a name with an inner address',
    code: 'FETCH_REFUSED',
    says: 'special address',
    names: { 'inner.example': ['10.0.0.1'] },
    http: redirect('http://inner.example:PORT/'),
  },
  {
    name: 'a redirect to a name with an allowed address and an inner one',
    code: 'FETCH_REFUSED',
    says: 'special address',
    names: { 'both.example': ['127.0.0.1', '::ffff:10.0.0.1'] },
    http: redirect('http://both.example:PORT/'),
  },
  {
    name: 'a redirect to a name that nobody has',
    code: 'FETCH_FAILED',
    says: 'DNS gave no address',
    http: redirect('http://nobody.example:PORT/'),
  },
]
