//! Consumer groups that several threads run: `Environment.openSharedGroup` and `joinSharedGroup`.
//!
//! A group lives in Rust's own memory, known in the process by its token; whoever has opened or joined it keeps it. The
//! memory that JavaScript sees is kept by each environment for itself, and used by calls of that environment alone: the
//! envelopes by all, a port page by the thread whose port it is, and by whoever adopts after it and brings the page along.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ffi::CStr;
use std::rc::{Rc, Weak};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak as WeakArc};

use napi::Env;
use napi::bindgen_prelude::{FunctionCallContext, Object, Uint8Array};
use napi_derive::napi;
use tickbus_bus::error::BusError;
use tickbus_bus::lanes::options::ScheduleOptions;
use tickbus_bus::lanes::shared_group::SharedGroup;
use tickbus_bus::lanes::shared_port::SharedPort;
use tickbus_bus::layout::MEMBERS;
use tickbus_bus::memory::{SharedMemory, Words};

use crate::error::{Code, Result, internal, refused};
use crate::holdings::{Held, Holdings};
use crate::hot::{self, Arguments, Expected, HotCall};
use crate::memory::View;
use crate::schedule::{ScheduledLane, lane_of, policy_of};
use crate::ticker::Watch;

static GROUPS: Mutex<Option<HashMap<u32, WeakArc<Group>>>> = Mutex::new(None);
static TOKENS: AtomicU32 = AtomicU32::new(1);

/// What a group is opened with. The views are over whole `SharedArrayBuffer`s, all zero.
#[napi(object, object_to_js = false)]
pub struct SharedGroupOptions {
    /// The group's envelopes.
    pub envelopes: Uint8Array,
    /// Where bytes of messages lie.
    pub slab: Option<Uint8Array>,
    /// From 0, the least urgent.
    pub lanes: Vec<ScheduledLane>,
    /// One of `Policy` in `ts/lane-core.ts`.
    pub policy: String,
    /// The lowest urgent lane.
    pub urgent: u32,
    /// The age bound of `strict`, in nanoseconds; 0 for none.
    pub age_ns: f64,
    /// Whether messages of one key run one after the other.
    pub ordered: bool,
}

/// Which seat is taken, in which group.
#[napi(object, object_to_js = false)]
pub struct SharedPortOptions {
    /// The group.
    pub token: u32,
    /// The group's envelopes.
    pub envelopes: Uint8Array,
    /// Its slab, if it has one.
    pub slab: Option<Uint8Array>,
    /// The thread's port, all zero.
    pub port: Uint8Array,
    /// The seat: the member's slot on the bus.
    pub slot: u32,
}

impl std::fmt::Debug for SharedGroupOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SharedGroupOptions").finish_non_exhaustive()
    }
}

impl std::fmt::Debug for SharedPortOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SharedPortOptions").finish_non_exhaustive()
    }
}

/// A group, and which memory it is over.
pub(crate) struct Group {
    shared: Arc<SharedGroup<SharedMemory>>,
    slab: Option<SharedMemory>,
    /// The port page of each seat's last member: only that one can be adopted from. Compared, not used.
    pages: Mutex<[Option<SharedMemory>; MEMBERS]>,
    /// Who is to know that something has come, after it has found nothing for a while.
    watch: OnceLock<Arc<Watch>>,
}

/// What an environment has of a group: the opener the group itself, a member its port.
struct Handle<T> {
    /// None once it was given up.
    used: RefCell<Option<Used<T>>>,
    holdings: Weak<Holdings>,
}

/// Fields are dropped in this order: what works on the memory, then what keeps it.
struct Used<T> {
    it: T,
    group: Arc<Group>,
    _views: Vec<View>,
}

pub(crate) fn open<'env>(env: &'env Env, holdings: &Rc<Holdings>, options: SharedGroupOptions) -> Result<Object<'env>> {
    let read = ScheduleOptions {
        lanes: options.lanes.iter().map(lane_of).collect::<Result<_>>()?,
        policy: policy_of(&options.policy)?,
        urgent: options.urgent as usize,
        age_ns: options.age_ns,
        ordered: options.ordered,
    };
    let (views, envelopes, slab) = views_of(options.envelopes, options.slab)?;
    let slab_bytes = slab.map_or(0, |slab| 4 * slab.len());
    let shared = Arc::new(SharedGroup::new(read, envelopes, slab_bytes).map_err(refused)?);
    let group = Arc::new(Group { shared, slab, pages: Mutex::new([None; MEMBERS]), watch: OnceLock::new() });
    let token = TOKENS.fetch_add(1, Ordering::Relaxed);
    publish(token, &group);
    let handle = Handle::new(holdings, Used { it: token, group, _views: views });
    let expose = || {
        let mut object = Object::new(env)?;
        object.set("token", token)?;
        object.set("close", hot::bind::<Close>(env, &handle)?)?;
        let opened = Rc::clone(&handle);
        let adopt = move |call: FunctionCallContext<'_>| {
            adopt(&opened, call.get(0)?, call.get(1)?).map_err(|error| napi::Error::from_reason(error.reason))
        };
        object.set("adopt", env.create_function_from_closure::<(u32, Uint8Array), u32, _>("adopt", adopt)?)?;
        napi::Result::Ok(object)
    };
    expose().inspect_err(|_| handle.close()).map_err(internal)
}

pub(crate) fn join<'env>(env: &'env Env, holdings: &Rc<Holdings>, options: SharedPortOptions) -> Result<Object<'env>> {
    let slot = options.slot as usize;
    let (mut views, envelopes, slab) = views_of(options.envelopes, options.slab)?;
    let port = View::new(options.port)?;
    let page = port.memory();
    views.push(port);
    let group = find(options.token).ok_or(BusError::SharedGroup("the group is not there any more")).map_err(refused)?;
    let is_same = group.shared.envelope_memory().is(&envelopes)
        && group.slab.is_some() == slab.is_some()
        && group.slab.zip(slab).is_none_or(|(ours, theirs)| ours.is(&theirs));
    if !is_same {
        return Err(refused(BusError::SharedGroup("the memory is other than the group's")));
    }
    let joined = SharedPort::join(&group.shared, slot, page).map_err(refused)?;
    pages(&group)[slot] = Some(page);
    let handle = Handle::new(holdings, Used { it: joined, group, _views: views });
    let expose = || {
        let mut object = Object::new(env)?;
        object.set("turn", hot::bind::<Turn>(env, &handle)?)?;
        object.set("inspect", hot::bind::<Inspect>(env, &handle)?)?;
        object.set("clear", hot::bind::<Clear>(env, &handle)?)?;
        object.set("alloc", hot::bind::<Alloc>(env, &handle)?)?;
        object.set("leave", hot::bind::<Leave>(env, &handle)?)?;
        napi::Result::Ok(object)
    };
    expose().inspect_err(|_| drop(handle.give_up())).map_err(internal)
}

fn views_of(
    envelopes: Uint8Array,
    slab: Option<Uint8Array>,
) -> Result<(Vec<View>, SharedMemory, Option<SharedMemory>)> {
    let envelopes = View::new(envelopes)?;
    let slab = slab.map(View::new).transpose()?;
    let (memory, slab_memory) = (envelopes.memory(), slab.as_ref().map(View::memory));
    Ok(([Some(envelopes), slab].into_iter().flatten().collect(), memory, slab_memory))
}

fn adopt(handle: &Handle<u32>, slot: u32, port: Uint8Array) -> Result<u32> {
    let port = View::new(port)?;
    let used = handle.used.borrow();
    let group = used.as_ref().map(|used| &used.group).ok_or_else(|| refuse("the group was closed"))?;
    let slot = slot as usize;
    let is_its = pages(group).get(slot).is_some_and(|page| page.is_some_and(|page| page.is(&port.memory())));
    if !is_its {
        return Err(refuse("the memory is not the port of the member in that slot"));
    }
    group.shared.adopt(slot, port.memory()).map_err(refused)
}

fn refuse(what: &'static str) -> napi::Error<Code> {
    refused(BusError::SharedGroup(what))
}

fn pages(group: &Group) -> MutexGuard<'_, [Option<SharedMemory>; MEMBERS]> {
    group.pages.lock().unwrap_or_else(PoisonError::into_inner)
}

fn publish(token: u32, group: &Arc<Group>) {
    let mut groups = GROUPS.lock().unwrap_or_else(PoisonError::into_inner);
    let groups = groups.get_or_insert_default();
    groups.retain(|_, group| group.strong_count() > 0);
    groups.insert(token, Arc::downgrade(group));
}

impl Group {
    pub(crate) const fn shared(&self) -> &Arc<SharedGroup<SharedMemory>> {
        &self.shared
    }

    /// From now on turns tell this one; false if they tell another one already.
    pub(crate) fn watch(&self, watch: Arc<Watch>) -> bool {
        self.watch.set(watch).is_ok()
    }
}

pub(crate) fn find(token: u32) -> Option<Arc<Group>> {
    GROUPS.lock().unwrap_or_else(PoisonError::into_inner).as_ref()?.get(&token)?.upgrade()
}

fn forget(token: u32) {
    if let Some(groups) = GROUPS.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
        groups.remove(&token);
    }
}

impl<T> Handle<T>
where
    Self: Held + 'static,
{
    fn new(holdings: &Rc<Holdings>, used: Used<T>) -> Rc<Self> {
        let handle = Rc::new(Self { used: RefCell::new(Some(used)), holdings: Rc::downgrade(holdings) });
        holdings.add(Rc::clone(&handle) as Rc<dyn Held>);
        handle
    }

    /// Takes what is used, as the last one to use it.
    fn give_up(&self) -> Option<Used<T>> {
        let used = self.used.take()?;
        if let Some(holdings) = self.holdings.upgrade() {
            holdings.remove(self);
        }
        Some(used)
    }
}

impl Handle<u32> {
    fn close(&self) {
        if let Some(used) = self.give_up() {
            forget(used.it);
        }
    }
}

impl Handle<SharedPort<SharedMemory>> {
    /// 1 + the slot of a member to ring, or 0.
    fn leave(&self) -> u32 {
        self.give_up().map_or(0, |Used { it, group, _views }| {
            let ring = it.leave();
            drop(group);
            ring
        })
    }
}

impl Held for Handle<u32> {
    /// Members go on; nobody can join any more.
    fn end(&self) {
        if let Some(used) = self.used.take() {
            forget(used.it);
        }
    }
}

impl Held for Handle<SharedPort<SharedMemory>> {
    /// The seat waits for somebody to adopt what the thread held.
    fn end(&self) {
        drop(self.used.take());
    }
}

type Port = Handle<SharedPort<SharedMemory>>;

impl Port {
    /// Does nothing once the port was left.
    fn with(&self, call: impl FnOnce(&mut SharedPort<SharedMemory>)) {
        if let Some(used) = self.used.borrow_mut().as_mut() {
            call(&mut used.it);
        }
    }
}

/// `close(): void`
struct Close;

impl HotCall for Close {
    type Bound = Handle<u32>;
    type Answer = ();
    const NAME: &CStr = c"close";

    fn call(handle: &Self::Bound, _: &Arguments<'_>) -> std::result::Result<(), Expected> {
        handle.close();
        Ok(())
    }
}

/// `turn(): void`
struct Turn;

impl HotCall for Turn {
    type Bound = Port;
    type Answer = ();
    const NAME: &CStr = c"turn";

    fn call(port: &Port, _: &Arguments<'_>) -> std::result::Result<(), Expected> {
        port.with(SharedPort::turn);
        if let Some(used) = &*port.used.borrow()
            && let Some(watch) = used.group.watch.get()
        {
            watch.tell();
        }
        Ok(())
    }
}

/// `inspect(): void`
struct Inspect;

impl HotCall for Inspect {
    type Bound = Port;
    type Answer = ();
    const NAME: &CStr = c"inspect";

    fn call(port: &Port, _: &Arguments<'_>) -> std::result::Result<(), Expected> {
        port.with(SharedPort::inspect);
        Ok(())
    }
}

/// `clear(): void`
struct Clear;

impl HotCall for Clear {
    type Bound = Port;
    type Answer = ();
    const NAME: &CStr = c"clear";

    fn call(port: &Port, _: &Arguments<'_>) -> std::result::Result<(), Expected> {
        port.with(SharedPort::clear);
        Ok(())
    }
}

/// `alloc(envelope: number, bytes: number): number`
struct Alloc;

impl HotCall for Alloc {
    type Bound = Port;
    type Answer = u32;
    const NAME: &CStr = c"alloc";

    fn call(port: &Port, arguments: &Arguments<'_>) -> std::result::Result<u32, Expected> {
        let (envelope, bytes) = (arguments.number(0)?, arguments.number(1)?);
        let used = port.used.borrow();
        Ok(used.as_ref().map_or(0, |used| used.it.allocate(envelope, bytes as usize)))
    }
}

/// `leave(): number`
struct Leave;

impl HotCall for Leave {
    type Bound = Port;
    type Answer = u32;
    const NAME: &CStr = c"leave";

    fn call(port: &Port, _: &Arguments<'_>) -> std::result::Result<u32, Expected> {
        Ok(port.leave())
    }
}
