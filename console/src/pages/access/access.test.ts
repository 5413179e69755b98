import { describe, expect, it } from 'vitest'
import type { AccessRule, AccessStep } from '@/api/types'
import { grantOf, isExpired } from './grant-form'
import { bodyOf, formOf, listOf } from './rule-form'
import { accessSearch } from './search'
import { approverOf, standings } from './steps'

const step = (name: string, agrees: boolean | null): AccessStep => ({
  name,
  approvers: ['role:security'],
  need: 'any',
  is_agreed: agrees === true,
  decisions:
    agrees === null
      ? []
      : [
          {
            user_id: 'usr_1',
            approver: 'role:security',
            agrees,
            comment: '',
            at: '2026-03-01T10:00:00Z',
          },
        ],
})

const standing = (...args: Parameters<typeof standings>) =>
  standings(...args).map((one) => one.standing)

describe('the steps of a request', () => {
  it('are asked one after the other', () => {
    const steps = [step('a', true), step('b', null), step('c', null)]
    expect(standing({ state: 'pending', steps })).toEqual(['agreed', 'now', 'later'])
  })

  it('are not asked any more once one refused', () => {
    const steps = [step('a', true), step('b', false), step('c', null)]
    expect(standing({ state: 'denied', steps })).toEqual(['agreed', 'refused', 'skipped'])
  })

  it('name their approvers by kind', () => {
    expect(approverOf('role:finance')).toEqual({ kind: 'role', name: 'finance' })
    expect(approverOf('group:grp_1')).toEqual({ kind: 'group', name: 'grp_1' })
    expect(approverOf('user:usr_1')).toEqual({ kind: 'user', name: 'usr_1' })
  })
})

const RULE: AccessRule = {
  id: 'acr_1',
  org_id: 'org_1',
  name: 'dear',
  position: 30,
  enabled: true,
  models: ['large-*', 'huge'],
  tags: [],
  data_classes: ['confidential'],
  project_ids: ['prj_1'],
  min_cost: 500_000_000_000,
  more_than_days: 30,
  denies: '',
  steps: [{ name: 'cost', approvers: ['role:finance', 'role:org_admin'], need: 'all' }],
  created_at: '2026-03-01T10:00:00Z',
  updated_at: '2026-03-01T10:00:00Z',
  revision: 1,
}

describe('the form of a rule', () => {
  it('gives back what it was made of, and leaves alone what it does not show', () => {
    const { name, position, enabled, models, tags, data_classes, min_cost, more_than_days } = RULE
    const { denies, steps } = RULE
    expect(bodyOf(formOf(RULE))).toEqual({
      name,
      position,
      enabled,
      models,
      tags,
      data_classes,
      min_cost,
      more_than_days,
      denies,
      steps,
    })
  })

  it('asks nobody once it denies', () => {
    expect(bodyOf({ ...formOf(RULE), denies: 'Not here.' }).steps).toEqual([])
  })

  it('reads lists with commas of either language', () => {
    expect(listOf(' a, b，c\n,a')).toEqual(['a', 'b', 'c'])
  })

  it('sends no condition for an empty field', () => {
    expect(bodyOf(formOf(null))).toMatchObject({ min_cost: null, more_than_days: null, models: [] })
  })
})

describe('the address of the page', () => {
  it('keeps what it understands', () => {
    expect(accessSearch({ view: 'to_decide', state: 'gone', open: 'arq_1' })).toEqual({
      view: 'to_decide',
      state: undefined,
      open: 'arq_1',
    })
  })
})

describe('a grant', () => {
  const form = { modelId: 'mdl_1', projectId: '', days: 0, reason: ' pilot ' }
  const now = Date.parse('2026-03-01T00:00:00Z')

  it('without a project is for all of the organisation, and without days has no end', () => {
    expect(grantOf(form, 'org_1', now)).toEqual({
      model_id: 'mdl_1',
      org_id: 'org_1',
      project_id: null,
      reason: 'pilot',
      expires_at: null,
    })
  })

  it('ends after its days, in that very moment', () => {
    const { expires_at = null } = grantOf({ ...form, days: 7 }, 'org_1', now)
    expect(expires_at).toBe('2026-03-08T00:00:00.000Z')
    const end = Date.parse('2026-03-08T00:00:00Z')
    expect(isExpired({ expires_at }, end - 1)).toBe(false)
    expect(isExpired({ expires_at }, end)).toBe(true)
    expect(isExpired({ expires_at: null }, end)).toBe(false)
  })
})
