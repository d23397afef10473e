import { describe, expect, it } from 'vitest'
import {
  OPERATOR,
  PERMISSIONS,
  type Permission,
  type Principal,
  ROLE_PERMISSIONS,
  ROLES,
  type Role,
  requirePermission,
} from '../../src/access/index.ts'

function someone(...roles: Role[]): Principal {
  return { id: 'p', pseudonym: 'A-01', kind: 'person', roles }
}

function mayDo(principal: Principal): Permission[] {
  return PERMISSIONS.filter((permission) => {
    try {
      requirePermission(principal, permission)
      return true
    } catch {
      return false
    }
  })
}

describe('permissions', () => {
  it('are denied by default', () => {
    expect(mayDo(someone())).toEqual([])
  })

  it('of each role are exactly those of the table', () => {
    for (const role of ROLES) {
      expect(new Set(mayDo(someone(role))), role).toEqual(new Set(ROLE_PERMISSIONS[role]))
    }
  })

  it('reach every permission by some role', () => {
    expect(new Set(Object.values(ROLE_PERMISSIONS).flat())).toEqual(new Set(PERMISSIONS))
  })

  it('add up over roles', () => {
    const both = mayDo(someone('crawler', 'statistics'))
    expect(both).toEqual(['sighting:submit', 'stats:read', 'people:name'])
  })

  it('let whoever manages people touch no material, and the reverse', () => {
    const people: Permission[] = ['people:manage', 'people:read', 'system:read']
    // A key exchange and a backup show no material: both are sealed.
    const keeping: Permission[] = ['data-key:manage', 'backup', 'verdict:withhold']
    const both = [...people, ...keeping]
    expect(new Set(mayDo(OPERATOR))).toEqual(new Set([...both, 'metrics:read']))
    const admins: Permission[] = [
      'people:name',
      'delivery:read',
      'delivery:manage',
      'retention:read',
      'retention:apply',
    ]
    expect(new Set(mayDo(someone('admin')))).toEqual(new Set([...both, ...admins]))
    const managers = ROLES.filter((role) => ROLE_PERMISSIONS[role].includes('people:manage'))
    expect(managers).toEqual(['admin'])
  })

  it('let analysts alone scan: the limit of scans is theirs, far above what a prober should have', () => {
    const scanners = ROLES.filter((role) => ROLE_PERMISSIONS[role].includes('scan'))
    expect(scanners).toEqual(['analyst'])
  })

  it('tell verdicts to no role that only submits, unless it is granted as one', () => {
    const told = ROLES.filter((role) => ROLE_PERMISSIONS[role].includes('sighting:verdict'))
    // An analyst scans, and sees more.
    expect(told).toEqual(['analyst', 'crawler-verdict'])
  })

  it('let nobody propose and verify by one role', () => {
    const both = ROLES.filter(
      (role) =>
        ROLE_PERMISSIONS[role].includes('item:propose') &&
        ROLE_PERMISSIONS[role].includes('item:verify'),
    )
    expect(both).toEqual([])
  })

  it('let auditors change nothing', () => {
    const reading = mayDo(someone('auditor')).every(
      (permission) => permission.endsWith(':read') || permission === 'people:name',
    )
    expect(reading).toBe(true)
  })

  it('give the operator nothing by roles it does not have', () => {
    const posing: Principal = { ...OPERATOR, roles: ['analyst'] }
    expect(mayDo(posing)).not.toContain('scan')
  })

  it('name the roles that would do', () => {
    expect(() => {
      requirePermission(someone('crawler'), 'item:verify')
    }).toThrow(/item:verify.*verifier/)
  })
})
