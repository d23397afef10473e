// Plain JavaScript, so that it starts without a loader. Does what code would that has taken a decoder over.
import { Buffer } from 'node:buffer'
import { readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import process from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'

/** The `md5` of its answers is what came of it: what it got, or the code of the refusal. */
export default async function rogue({ bytes }) {
  const [act, what] = Buffer.from(bytes).toString().split(' ')
  if (act === 'still') return { still: { ...JSON.parse(what), data: new Uint8Array(24) } }
  return { fingerprint: { md5: await done(act, what) } }
}

async function done(act, what) {
  try {
    if (act === 'read') return readFileSync(what).toString()
    if (act === 'write') return String(writeFileSync(what, 'x'))
    if (act === 'connect') return await connected(what)
    if (act === 'environment') return JSON.stringify(process.env)
    if (act === 'parent') return String(process.ppid)
    if (act === 'sleep') return String(await sleep(Number(what)))
    if (act === 'crash') process.kill(process.pid, 'SIGSEGV')
    return 'nothing'
  } catch (error) {
    return error.code
  }
}

function connected(to) {
  const [host, port] = to.split(':')
  const socket = port === undefined ? connect(host) : connect(Number(port), host)
  return new Promise((resolve, reject) => {
    socket.on('connect', () => resolve('connected'))
    socket.on('error', reject)
  })
}
