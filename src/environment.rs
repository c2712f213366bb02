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
use crate::membership::join;
use crate::registry;

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
