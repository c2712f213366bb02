/** The part of JSON Schema (draft 7) that tickbus.schema.json uses. */
export interface JsonSchema {
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly minimum?: number
  readonly maximum?: number
  readonly pattern?: string
  readonly required?: readonly string[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly propertyNames?: JsonSchema
  readonly additionalProperties?: boolean | JsonSchema
  readonly items?: JsonSchema
}

const KEYWORDS: Record<string, (value: never, schema: JsonSchema) => boolean> = {
  $schema: () => true,
  title: () => true,
  description: () => true,
  type: (value, { type }) => isOfType(value, type!),
  enum: (value, schema) => schema.enum!.includes(value),
  minimum: (value: number, { minimum }) => typeof value !== 'number' || value >= minimum!,
  maximum: (value: number, { maximum }) => typeof value !== 'number' || value <= maximum!,
  pattern: (value: string, { pattern }) => typeof value !== 'string' || new RegExp(pattern!, 'u').test(value),
  required: (value: object, { required }) => !isObject(value) || required!.every((name) => Object.hasOwn(value, name)),
  properties: (value: object, { properties }) =>
    entriesOf(value).every(([name, part]) => !Object.hasOwn(properties!, name) || accepts(properties![name]!, part)),
  propertyNames: (value: object, { propertyNames }) =>
    entriesOf(value).every(([name]) => accepts(propertyNames!, name)),
  additionalProperties: (value: object, { properties = {}, additionalProperties }) =>
    entriesOf(value)
      .filter(([name]) => !Object.hasOwn(properties, name))
      .every(([, part]) =>
        typeof additionalProperties === 'object' ? accepts(additionalProperties, part) : additionalProperties,
      ),
  items: (value: unknown, { items }) => !Array.isArray(value) || value.every((item) => accepts(items!, item)),
}

/** Whether a JSON schema accepts a value. One that uses a keyword that is not known here throws. */
export function accepts(schema: JsonSchema, value: unknown): boolean {
  return Object.keys(schema).every((keyword) => {
    const holds = KEYWORDS[keyword]
    if (holds === undefined) throw new Error(`unknown keyword ${keyword}`)
    return holds(value as never, schema)
  })
}

function isOfType(value: unknown, type: string): boolean {
  if (type === 'array') return Array.isArray(value)
  if (type === 'object') return isObject(value)
  return type === 'integer' ? Number.isInteger(value) : typeof value === type
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function entriesOf(value: unknown): [string, unknown][] {
  return isObject(value) ? Object.entries(value) : []
}
