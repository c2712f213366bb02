import type { MessageType } from './message-type.js'
import type { Definition } from './schema.js'

/**
 * The message that a topic or a pattern of a schema carries.
 *
 * A literal topic takes the most specific template that fits, as `typeOf` does when code runs. A pattern takes all
 * templates that begin and end alike, as far as there are no wildcards. Text that is not known when types are checked,
 * and what fits no template, is free-form: `any`.
 */
export type MessageOf<D extends Definition, Name extends string> = Name extends unknown
  ? string extends Name
    ? FreeForm
    : HasWildcard<Name> extends true
      ? Carried<D, Reached<Templates<D>, Name>>
      : Carried<D, MostSpecific<Fitting<Templates<D>, Name>>>
  : never

/** {@link MessageOf}, unless the caller names the type: `bus.subscribe<Tick>('a.*', …)`. */
export type StatedOr<T, D extends Definition, Name extends string> = [T] extends [Unstated]
  ? MessageOf<D, Name>
  : NoInfer<T>

/** Stands for a message type that the caller did not name. No message is of this type. */
export interface Unstated {
  readonly [UNSTATED]: never
}
declare const UNSTATED: unique symbol

// oxlint-disable-next-line typescript/no-explicit-any -- whoever handles free-form messages says what they expect
type FreeForm = any
type Templates<D extends Definition> = keyof D & string
type Carried<D extends Definition, Template extends string> = [Template] extends [never]
  ? FreeForm
  : string extends Template
    ? FreeForm
    : D[Template] extends MessageType<infer T>
      ? T
      : never

/** Of all templates, those that fit a topic: segment by segment, the last parameter takes the rest. */
type Fitting<Template extends string, Topic extends string> = Template extends unknown
  ? Fits<Template, Topic> extends true
    ? Template
    : never
  : never

type Fits<Template extends string, Topic extends string> = Template extends `${infer Segment}.${infer Rest}`
  ? Topic extends `${infer Taken}.${infer Left}`
    ? SegmentFits<Segment, Taken> extends true
      ? Fits<Rest, Left>
      : false
    : false
  : SegmentFits<Template, Topic>

type SegmentFits<Segment extends string, Text extends string> = Text extends ''
  ? false
  : Segment extends Parameter
    ? true
    : Text extends Segment
      ? true
      : false

type Parameter = `{${string}}`

/** Of templates that fit one topic, the winner. */
type MostSpecific<Template extends string> = WithShape<Template, BestShape<ShapeOf<Template>>>

type WithShape<Template extends string, Shape extends string> = Template extends unknown
  ? ShapeOf<Template> extends Shape
    ? Template
    : never
  : never

/** A letter for each segment: L for text, P for a parameter. */
type ShapeOf<Template extends string> = Template extends `${infer Segment}.${infer Rest}`
  ? `${Letter<Segment>}${ShapeOf<Rest>}`
  : Letter<Template>
type Letter<Segment extends string> = Segment extends Parameter ? 'P' : 'L'

/** Letter by letter: text before a parameter, and what goes on before what ends. */
type BestShape<Shape extends string> = [Extract<Shape, `L${string}`>] extends [never]
  ? [Extract<Shape, `P${string}`>] extends [never]
    ? ''
    : `P${BestShape<Tail<'P', Shape>>}`
  : `L${BestShape<Tail<'L', Shape>>}`
type Tail<First extends string, Shape extends string> = Shape extends `${First}${infer Rest}` ? Rest : never

type HasWildcard<Name extends string> = Name extends `${string}*${string}` | `${string}?${string}` ? true : false

/** Of all templates, those whose topics a pattern may match. */
type Reached<Template extends string, Pattern extends string> = Template extends unknown
  ? StartAlike<Before<Before<Pattern, '*'>, '?'>, Before<Template, '{'>> extends true
    ? EndAlike<After<After<Pattern, '*'>, '?'>, After<Template, '}'>> extends true
      ? Template
      : never
    : never
  : never

type Before<Text extends string, Mark extends string> = Text extends `${infer Start}${Mark}${string}` ? Start : Text
type After<Text extends string, Mark extends string> = Text extends `${string}${Mark}${infer End}`
  ? After<End, Mark>
  : Text

type StartAlike<A extends string, B extends string> = A extends `${B}${string}`
  ? true
  : B extends `${A}${string}`
    ? true
    : false
type EndAlike<A extends string, B extends string> = A extends `${string}${B}`
  ? true
  : B extends `${string}${A}`
    ? true
    : false
