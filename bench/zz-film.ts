import { execFileSync } from 'node:child_process'
import { readFileSync, readdirSync, mkdirSync, existsSync } from 'node:fs'
import { openWorld } from './robustness/world.ts'
const V = '/work/shared/data/videos/'
const names = (process.env['NAMES'] ?? 'car-detection.mp4,bottle-detection.mp4,one-by-one-person-detection.mp4,big_buck_bunny_0_30.webm,store-aisle-detection.mp4,asl_book.mkv,asl_walk.mkv,classroom.mp4,fruit-and-vegetable-detection.mp4,person-bicycle-car-detection.mp4').split(',')
const others = readdirSync(V).filter((n) => !names.includes(n) && !/chair|pattern|doorknob/.test(n))
const VV=1
const E: Record<string, string[]> = {
  copy: ['-vf', 'null', '-crf', '30'],
  '120p': ['-vf', 'scale=-2:120'],
  mirror: ['-vf', 'hflip'],
  turn90: ['-vf', 'transpose=1'],
  negative: ['-vf', 'negate'],
  letterbox: ['-vf', 'pad=iw:ih*4/3:0:(oh-ih)/2'],
  pillarbox: ['-vf', 'pad=iw*16/9:ih:(ow-iw)/2:0'],
  crop80: ['-vf', 'crop=iw*0.9:ih*0.9:iw*0.06:ih*0.03'],
  crop64: ['-vf', 'crop=iw*0.8:ih*0.8:iw*0.15:ih*0.05'],
  turned5: ['-vf', 'rotate=5*PI/180'],
  blursides: ['-filter_complex', 'split[a][b];[a]scale=ih*9/16:ih,scale=360:640,boxblur=20[a2];[b]scale=360:-2[b2];[a2][b2]overlay=0:(H-h)/2'],
  vertical: ['-vf', 'crop=ih*9/16:ih'],
  fast125: ['-vf', 'setpts=PTS/1.25'],
  reversed: ['-vf', 'reverse', '-t', '20'],
  caption: ['-vf', "drawbox=x=0:y=ih*0.8:w=iw:h=ih*0.12:color=black@0.8:t=fill"],
  trim3: ['-vf', 'trim=4.3:7.3,setpts=PTS-STARTPTS'],
  pip50: ['-f', 'lavfi', '-i', 'testsrc2=s=640x360:r=25', '-filter_complex', '[0:v]scale=452:254[a];[1:v][a]overlay=150:60:shortest=1', '-t', '20'],
}
const only = process.argv[2]?.split(',')
mkdirSync('/tmp/zzf', { recursive: true })
function edit(name: string, e: string): Buffer {
  const out = `/tmp/zzf/${name}.${e}.mp4`
  if (!existsSync(out)) execFileSync('ffmpeg', ['-v', 'error', '-y', '-i', V + name, ...E[e]!, '-an', '-t', '30', '-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', '-movflags', '+faststart', out])
  return readFileSync(out)
}
const world = await openWorld('default' as never)
const ids = new Map<string, string>()
for (const n of names) {
  const t = Date.now()
  try { ids.set(n, await world.know(readFileSync(V + n))) } catch (e) { console.log(n, String(e)); continue }
  console.log('know', n, Date.now() - t)
}
const cell = (m: any) => m === undefined ? '-' : `${m.verdict[0]}:${m.method}`
for (const e of Object.keys(E)) {
  if (only && !only.includes(e) ) continue
  const row: string[] = []
  const t = Date.now()
  let f = 0, c = 0
  for (const [n, id] of ids) {
    let ms
    try { ms = await world.scan(edit(n, e)) } catch (er) { row.push('ERR ' + String(er).slice(0, 60)); continue }
    const own = ms.find((m) => m.itemId === id)
    if (own) f++
    if (own?.verdict === 'confirmed' || own?.verdict === 'exact') c++
    const wrong = ms.filter((m) => m.itemId !== id)
    row.push(cell(own) + (wrong.length ? '!' + wrong.map(cell).join('+') : ''))
    if (process.env['WHY'] && own?.verdict !== 'confirmed') console.log(n, e, own?.reason, (own as any)?.pieces)
  }
  console.log(e.padEnd(10), `${f}/${ids.size} ${c}/${ids.size}`, Date.now() - t, row.join('  '))
}
if (!only || only.includes('others')) for (const n of others) {
  const t = Date.now()
  const ms = await world.scan(readFileSync(V + n))
  if (ms.length) console.log('OTHER', n, ms.map((m) => `${[...ids].find(([, i]) => i === m.itemId)?.[0]} ${cell(m)} ${m.reason}`))
  else console.log('ok', n, Date.now() - t)
}
await world.close()
