//! The journal's writer behind raw functions, its reader, and its recovery.

use std::cell::RefCell;
use std::ffi::CStr;
use std::path::Path;
use std::rc::{Rc, Weak};
use std::time::Duration;

use napi::Env;
use napi::bindgen_prelude::{Function, Object, Uint8Array};
use napi_derive::napi;
use tickbus_journal::directory::segments;
use tickbus_journal::disk::RealDisk;
use tickbus_journal::log::Log;
use tickbus_journal::reader::{Found, Reader};
use tickbus_journal::recovery::recover;
use tickbus_journal::writer::{SyncPolicy, Writer};

use crate::doorbell::Doorbell;
use crate::error::{Result, internal, unreadable};
use crate::holdings::{Held, Holdings};
use crate::hot::{self, Arguments, Expected, HotCall, Made};
use crate::memory::View;

/// What a writer is started with.
#[napi(object, object_to_js = false)]
pub struct JournalOptions {
    /// The directory, recovered and locked.
    pub directory: String,
    /// The last sequence in it.
    pub last: f64,
    /// A segment ends before the frame that would make it longer.
    pub segment_bytes: f64,
    /// Most bytes that wait in memory.
    pub queue_bytes: f64,
    /// Microseconds from the first record that is not synced to the sync; below 0 for none.
    pub sync_after_us: f64,
    /// So many records are synced at once.
    pub sync_records: f64,
    /// Where the writer says how far it is, over a `SharedArrayBuffer`.
    pub page: Uint8Array,
}

/// Sequences of which nobody knows whether they are on disk.
#[napi(object)]
#[derive(Debug)]
pub struct JournalLost {
    /// The first of them.
    pub first: f64,
    /// The last of them.
    pub last: f64,
}

/// What a recovery found.
#[napi(object)]
#[derive(Debug)]
pub struct JournalRecovered {
    /// The last sequence that is there.
    pub last: f64,
    /// The sequence to go on with.
    pub next: f64,
    /// Bytes that were cut off as torn.
    pub torn_bytes: f64,
}

/// A writer until it has ended.
struct Running {
    /// The thread, and the view that keeps its page.
    writer: RefCell<Option<(Writer, View)>>,
    holdings: Weak<Holdings>,
}

pub(crate) fn open<'env>(
    env: &'env Env,
    holdings: &Rc<Holdings>,
    options: JournalOptions,
    wake: &Function<'_, (), ()>,
) -> Result<Object<'env>> {
    let directory = Path::new(&options.directory);
    let firsts = segments(directory).map_err(|error| unreadable(error.into()))?;
    let disk = RealDisk::open(directory).map_err(|error| unreadable(error.into()))?;
    let log = Log::new(disk, options.segment_bytes as u64, firsts, options.last as u64);
    let after = (options.sync_after_us >= 0.0).then(|| Duration::from_micros(options.sync_after_us as u64));
    let policy = SyncPolicy { after, records: options.sync_records as u64 };
    let view = View::new(options.page)?;
    let bell = Doorbell::new(wake).map_err(internal)?;
    let writer = Writer::start(log, policy, options.queue_bytes as usize, view.memory(), move || bell.ring());
    let running = Rc::new(Running {
        writer: RefCell::new(Some((writer.map_err(internal)?, view))),
        holdings: Rc::downgrade(holdings),
    });
    holdings.add(Rc::clone(&running) as Rc<dyn Held>);
    let expose = || {
        let mut object = Object::new(env)?;
        object.set("submit", hot::bind::<Submit>(env, &running)?)?;
        object.set("sync", hot::bind::<Sync>(env, &running)?)?;
        object.set("removeBelow", hot::bind::<RemoveBelow>(env, &running)?)?;
        object.set("lost", hot::bind::<ListLost>(env, &running)?)?;
        object.set("failure", hot::bind::<Failure>(env, &running)?)?;
        object.set("close", hot::bind::<Close>(env, &running)?)?;
        object.set("end", hot::bind::<End>(env, &running)?)?;
        napi::Result::Ok(object)
    };
    expose().inspect_err(|_| running.end()).map_err(internal)
}

/// Finds the end of a journal that nobody writes to, and cuts off what was torn.
#[napi(catch_unwind)]
pub fn recover_journal(directory: String) -> Result<JournalRecovered> {
    let found = recover(Path::new(&directory)).map_err(unreadable)?;
    Ok(JournalRecovered { last: found.last as f64, next: found.next as f64, torn_bytes: found.torn_bytes as f64 })
}

/// Reads a journal, also while it is written.
#[napi]
#[derive(Debug)]
pub struct JournalReader(Reader);

#[napi]
impl JournalReader {
    /// Begins with the first record that has `from` or a later sequence.
    #[napi(constructor, catch_unwind)]
    pub fn new(directory: String, from: f64) -> Self {
        Self(Reader::new(Path::new(&directory), from as u64))
    }

    /// Copies whole frames up to the sequence `through` into `out`, which is not shared. Returns their bytes, or below 0
    /// how many the next frame alone needs.
    #[napi(catch_unwind)]
    pub fn read(&mut self, mut out: Uint8Array, through: f64) -> Result<f64> {
        // Beyond all sequences means that nobody said how far the writer is.
        let through = if through.is_finite() { through as u64 } else { u64::MAX };
        // SAFETY: JavaScript of this thread stands still, and `ts/native` passes memory that no other thread has.
        let out = unsafe { out.as_mut() };
        Ok(match self.0.read(out, through).map_err(unreadable)? {
            Found::Bytes(bytes) => bytes as f64,
            Found::Needs(bytes) => -(bytes as f64),
        })
    }
}

impl std::fmt::Debug for JournalOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("JournalOptions").finish_non_exhaustive()
    }
}

impl Running {
    /// Asks the writer, if it is still there.
    fn ask<T>(&self, of: impl FnOnce(&Writer) -> T) -> Option<T> {
        self.writer.borrow().as_ref().map(|(writer, _)| of(writer))
    }
}

impl Held for Running {
    /// Returns when the thread has ended.
    fn end(&self) {
        let Some((writer, view)) = self.writer.take() else { return };
        drop(writer);
        drop(view);
    }
}

/// `submit(frames: Uint8Array): boolean`: whether there was room.
struct Submit;

impl HotCall for Submit {
    type Bound = Running;
    type Answer = bool;
    const NAME: &CStr = c"submit";

    fn call(running: &Running, arguments: &Arguments<'_>) -> std::result::Result<bool, Expected> {
        let frames = arguments.read().bytes(0)?;
        Ok(running.ask(|writer| writer.submit(frames)).unwrap_or(false))
    }
}

/// `sync(): void`: asks for one.
struct Sync;

impl HotCall for Sync {
    type Bound = Running;
    type Answer = ();
    const NAME: &CStr = c"sync";

    fn call(running: &Running, _: &Arguments<'_>) -> std::result::Result<(), Expected> {
        running.ask(Writer::sync);
        Ok(())
    }
}

/// `removeBelow(sequence: number): void`: asks for it.
struct RemoveBelow;

impl HotCall for RemoveBelow {
    type Bound = Running;
    type Answer = ();
    const NAME: &CStr = c"removeBelow";

    fn call(running: &Running, arguments: &Arguments<'_>) -> std::result::Result<(), Expected> {
        let below = arguments.double(0)? as u64;
        running.ask(|writer| writer.remove_below(below));
        Ok(())
    }
}

/// `lost(): JournalLost[]`
struct ListLost;

impl HotCall for ListLost {
    type Bound = Running;
    type Answer = Made<Vec<JournalLost>>;
    const NAME: &CStr = c"lost";

    fn call(running: &Running, _: &Arguments<'_>) -> std::result::Result<Self::Answer, Expected> {
        let lost = running.ask(Writer::lost).unwrap_or_default();
        let made =
            |range: tickbus_journal::log::Lost| JournalLost { first: range.first as f64, last: range.last as f64 };
        Ok(Made(lost.into_iter().map(made).collect()))
    }
}

/// `failure(): string | null`
struct Failure;

impl HotCall for Failure {
    type Bound = Running;
    type Answer = Made<Option<String>>;
    const NAME: &CStr = c"failure";

    fn call(running: &Running, _: &Arguments<'_>) -> std::result::Result<Self::Answer, Expected> {
        Ok(Made(running.ask(Writer::failure).flatten()))
    }
}

/// `close(): void`: asks for the end.
struct Close;

impl HotCall for Close {
    type Bound = Running;
    type Answer = ();
    const NAME: &CStr = c"close";

    fn call(running: &Running, _: &Arguments<'_>) -> std::result::Result<(), Expected> {
        running.ask(Writer::close);
        Ok(())
    }
}

/// `end(): void`: returns when the thread has ended.
struct End;

impl HotCall for End {
    type Bound = Running;
    type Answer = ();
    const NAME: &CStr = c"end";

    fn call(running: &Running, _: &Arguments<'_>) -> std::result::Result<(), Expected> {
        running.end();
        if let Some(holdings) = running.holdings.upgrade() {
            holdings.remove(running);
        }
        Ok(())
    }
}
