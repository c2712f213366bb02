//! This thread's side of the registry: its one doorbell, and everything that ends with the environment.

use std::rc::Rc;
use std::sync::Arc;

use napi::Env;
use napi::bindgen_prelude::{Function, Object, Uint8Array};
use napi_derive::napi;

use crate::doorbell::Doorbell;
use crate::echo::{EchoOptions, start_echo};
use crate::error::{Result, internal};
use crate::holdings::Holdings;
use crate::journal::{self, JournalOptions};
use crate::membership::join;
use crate::registry;
use crate::shared_group::{self, SharedGroupOptions, SharedPortOptions};
use crate::stand_in::{self, StandInOptions};

/// One for each environment, made by `ts/native`.
#[napi]
pub struct Environment {
    doorbell: Arc<Doorbell>,
    holdings: Rc<Holdings>,
}

#[napi]
impl Environment {
    /// `wake` is called on the event loop after members of this thread were rung; ask each membership for its `answer`.
    #[napi(constructor, catch_unwind)]
    pub fn new(env: Env, wake: Function<'_, (), ()>) -> Result<Self> {
        let doorbell = Doorbell::new(&wake).map(Arc::new).map_err(internal)?;
        let holdings = Rc::new(Holdings::default());
        env.add_env_cleanup_hook(Rc::clone(&holdings), |holdings| holdings.end()).map_err(internal)?;
        Ok(Self { doorbell, holdings })
    }

    /// Seats this thread on a bus: `{ ring(slot), answer(), leave() }`.
    #[napi(catch_unwind, ts_return_type = "object")]
    pub fn join<'env>(&self, env: &'env Env, roster: Uint8Array, slot: u32, generation: u32) -> Result<Object<'env>> {
        join(env, &self.doorbell, &self.holdings, roster, slot as usize, generation)
    }

    /// Starts a thread that is a member of a bus and sends back what it reads: `{ stop() }`.
    #[napi(catch_unwind, ts_return_type = "object")]
    pub fn echo<'env>(&self, env: &'env Env, options: EchoOptions) -> Result<Object<'env>> {
        start_echo(env, &self.holdings, options)
    }

    /// Opens a consumer group that several threads run: `{ token, adopt(slot, port), close() }`.
    #[napi(catch_unwind, ts_return_type = "object")]
    pub fn open_shared_group<'env>(&self, env: &'env Env, options: SharedGroupOptions) -> Result<Object<'env>> {
        shared_group::open(env, &self.holdings, options)
    }

    /// Takes a seat in such a group: `{ turn(), inspect(), clear(), alloc(envelope, bytes), leave() }`.
    #[napi(catch_unwind, ts_return_type = "object")]
    pub fn join_shared_group<'env>(&self, env: &'env Env, options: SharedPortOptions) -> Result<Object<'env>> {
        shared_group::join(env, &self.holdings, options)
    }

    /// Opens the law of such a group: `{ tick(), isDue(), add(slot, port, meter), remove(slot), take(), end() }`.
    #[napi(catch_unwind, ts_return_type = "object")]
    pub fn open_stand_in<'env>(&self, env: &'env Env, options: StandInOptions) -> Result<Object<'env>> {
        stand_in::open(env, &self.holdings, options)
    }

    /// Starts the writer of a journal: `{ submit(frames), sync(), removeBelow(sequence), lost(), failure(), close(), end() }`.
    /// `wake` is called on the event loop after it got further than somebody waited for.
    #[napi(catch_unwind, ts_return_type = "object")]
    pub fn open_journal<'env>(
        &self,
        env: &'env Env,
        options: JournalOptions,
        wake: Function<'_, (), ()>,
    ) -> Result<Object<'env>> {
        journal::open(env, &self.holdings, options, &wake)
    }
}

impl std::fmt::Debug for Environment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Environment").finish_non_exhaustive()
    }
}

/// How many members of all buses of the process are seated natively.
#[napi(catch_unwind)]
pub fn seated() -> u32 {
    registry::seated() as u32
}
