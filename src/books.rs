//! `Books` of `ts/market-core.ts`: a set of order books behind raw functions.

use std::cell::RefCell;
use std::ffi::CStr;
use std::rc::Rc;

use napi::Env;
use napi::bindgen_prelude::Object;
use napi_derive::napi;
use tickbus_bus::layout::{
    BOOK_SETTING_CHECKSUM, BOOK_SETTING_LIMIT, BOOK_SETTING_PRICE_PLACES, BOOK_SETTING_SIZE_PLACES,
    BOOK_SETTING_SNAPSHOT_LEVELS, BOOK_SETTING_WINDOW, BOOK_SETTINGS,
};
use tickbus_market::batch::Side;
use tickbus_market::book::checksum::Checksum;
use tickbus_market::book::continuity::Continuity;
use tickbus_market::book::{Book, BookOptions};
use tickbus_market::books::{self, counts_of};

use crate::error::{Result, internal};
use crate::hot::{self, Arguments, Expected, HotCall};

/// What a set of books is bounded by.
#[napi(object)]
#[derive(Debug)]
pub struct BooksOptions {
    /// Most books.
    pub books_most: u32,
    /// Instruments have numbers below this.
    pub instruments_most: u32,
    /// How to keep the books that were not opened apart.
    pub settings: Option<BookSettings>,
}

/// How to keep a book.
#[napi(object)]
#[derive(Debug)]
pub struct BookSettings {
    /// The name of the rule.
    pub continuity: String,
    /// The rest, by the `BOOK_SETTING` places.
    pub numbers: Vec<f64>,
}

/// Opens a set of books: an object of raw functions, which are what keeps it.
#[napi(catch_unwind, ts_return_type = "object")]
pub fn open_books(env: &Env, options: BooksOptions) -> Result<Object<'_>> {
    functions(env, &new_books(&options)?).map_err(internal)
}

/// Books that a decoder can share.
pub(crate) type Shared = Rc<RefCell<books::Books>>;

pub(crate) fn new_books(options: &BooksOptions) -> Result<Shared> {
    let settings = match &options.settings {
        None => None,
        Some(BookSettings { continuity, numbers }) => {
            Some(options_of(continuity.as_bytes(), numbers).ok_or_else(|| internal("there are no such books"))?)
        }
    };
    Ok(Rc::new(RefCell::new(books::Books::new(books::BooksOptions {
        books_most: options.books_most as usize,
        instruments_most: options.instruments_most as usize,
        settings,
    }))))
}

pub(crate) fn functions<'env>(env: &'env Env, books: &Shared) -> napi::Result<Object<'env>> {
    let mut object = Object::new(env)?;
    object.set("open", hot::bind::<Open>(env, books)?)?;
    object.set("apply", hot::bind::<Apply>(env, books)?)?;
    object.set("invalidate", hot::bind::<Invalidate>(env, books)?)?;
    object.set("changes", hot::bind::<Changes>(env, books)?)?;
    object.set("levels", hot::bind::<Levels>(env, books)?)?;
    object.set("volumeTo", hot::bind::<VolumeTo>(env, books)?)?;
    object.set("priceFor", hot::bind::<PriceFor>(env, books)?)?;
    object.set("reach", hot::bind::<Reach>(env, books)?)?;
    object.set("counts", hot::bind::<Counts>(env, books)?)?;
    object.set("totals", hot::bind::<Totals>(env, books)?)?;
    Ok(object)
}

type Outcome<T> = std::result::Result<T, Expected>;
type Bound = RefCell<books::Books>;

/// `open(instrument: number, continuity: string, numbers: Float64Array): number`, which is -1 if there is no room.
struct Open;

impl HotCall for Open {
    type Bound = Bound;
    type Answer = f64;
    const NAME: &CStr = c"open";

    fn call(books: &Bound, arguments: &Arguments<'_>) -> Outcome<f64> {
        let (instrument, numbers) = (arguments.number(0)?, arguments.read().doubles(2)?);
        let settings = arguments.text(1, |continuity| options_of(continuity, numbers))?;
        let settings = settings.ok_or(Expected::new(c"expected the settings of a book"))?;
        Ok(books.borrow_mut().open(instrument, settings).map_or(-1.0, f64::from))
    }
}

/// `apply(records: Uint8Array, page: Float64Array, first: number, count: number): number`
struct Apply;

impl HotCall for Apply {
    type Bound = Bound;
    type Answer = u32;
    const NAME: &CStr = c"apply";

    fn call(books: &Bound, arguments: &Arguments<'_>) -> Outcome<u32> {
        let (page, rest) = arguments.lend_doubles(1)?;
        let (first, count) = (arguments.number(2)? as usize, arguments.number(3)? as usize);
        let run = rest.records(0)?.get(first..first.saturating_add(count));
        let run = run.ok_or(Expected::new(c"expected records that are there"))?;
        let mut books = books.borrow_mut();
        books.apply(run);
        Ok(books.write_changes(page) as u32)
    }
}

/// `invalidate(book: number): void`
struct Invalidate;

impl HotCall for Invalidate {
    type Bound = Bound;
    type Answer = ();
    const NAME: &CStr = c"invalidate";

    fn call(books: &Bound, arguments: &Arguments<'_>) -> Outcome<()> {
        books.borrow_mut().invalidate(arguments.number(0)?);
        Ok(())
    }
}

/// `changes(page: Float64Array): number`
struct Changes;

impl HotCall for Changes {
    type Bound = Bound;
    type Answer = u32;
    const NAME: &CStr = c"changes";

    fn call(books: &Bound, arguments: &Arguments<'_>) -> Outcome<u32> {
        let (page, _) = arguments.lend_doubles(0)?;
        Ok(books.borrow_mut().write_changes(page) as u32)
    }
}

/// `levels(book: number, side: number, count: number, out: Float64Array): number`
struct Levels;

impl HotCall for Levels {
    type Bound = Bound;
    type Answer = u32;
    const NAME: &CStr = c"levels";

    fn call(books: &Bound, arguments: &Arguments<'_>) -> Outcome<u32> {
        let (out, _) = arguments.lend_doubles(3)?;
        let (side, most) = (side(arguments)?, arguments.number(2)? as usize);
        let books = books.borrow();
        let Some(book) = books.get(arguments.number(0)?) else { return Ok(0) };
        let mut count = 0;
        for (level, place) in book.depth(side).take(most).zip(out.chunks_exact_mut(2)) {
            place.copy_from_slice(&[level.price, level.size]);
            count += 1;
        }
        Ok(count)
    }
}

/// What a book says; NaN where it has no answer, or is not there.
fn ask(books: &Bound, arguments: &Arguments<'_>, question: impl FnOnce(&Book) -> Option<f64>) -> Outcome<f64> {
    Ok(books.borrow().get(arguments.number(0)?).and_then(question).unwrap_or(f64::NAN))
}

/// `volumeTo(book: number, side: number, price: number): number`, NaN if the book does not reach so far.
struct VolumeTo;

impl HotCall for VolumeTo {
    type Bound = Bound;
    type Answer = f64;
    const NAME: &CStr = c"volumeTo";

    fn call(books: &Bound, arguments: &Arguments<'_>) -> Outcome<f64> {
        let (side, price) = (side(arguments)?, arguments.double(2)?);
        ask(books, arguments, |book| book.volume_to(side, price))
    }
}

/// `priceFor(book: number, side: number, volume: number): number`, NaN if the book has not so much for sure.
struct PriceFor;

impl HotCall for PriceFor {
    type Bound = Bound;
    type Answer = f64;
    const NAME: &CStr = c"priceFor";

    fn call(books: &Bound, arguments: &Arguments<'_>) -> Outcome<f64> {
        let (side, volume) = (side(arguments)?, arguments.double(2)?);
        ask(books, arguments, |book| book.price_for(side, volume))
    }
}

/// `reach(book: number, side: number): number`, NaN if nothing is missing.
struct Reach;

impl HotCall for Reach {
    type Bound = Bound;
    type Answer = f64;
    const NAME: &CStr = c"reach";

    fn call(books: &Bound, arguments: &Arguments<'_>) -> Outcome<f64> {
        let side = side(arguments)?;
        ask(books, arguments, |book| book.reach(side))
    }
}

/// `counts(book: number, out: Float64Array): void`
struct Counts;

impl HotCall for Counts {
    type Bound = Bound;
    type Answer = ();
    const NAME: &CStr = c"counts";

    fn call(books: &Bound, arguments: &Arguments<'_>) -> Outcome<()> {
        let (out, _) = arguments.lend_doubles(1)?;
        if let Some(book) = books.borrow().get(arguments.number(0)?) {
            copy(&counts_of(&book.counts()), out);
        }
        Ok(())
    }
}

/// `totals(out: Float64Array): void`
struct Totals;

impl HotCall for Totals {
    type Bound = Bound;
    type Answer = ();
    const NAME: &CStr = c"totals";

    fn call(books: &Bound, arguments: &Arguments<'_>) -> Outcome<()> {
        let (out, _) = arguments.lend_doubles(0)?;
        copy(&books.borrow().totals(), out);
        Ok(())
    }
}

/// The second argument: 0 for bids, 1 for asks.
fn side(arguments: &Arguments<'_>) -> Outcome<Side> {
    Ok(if arguments.number(1)? == 0 { Side::Bid } else { Side::Ask })
}

fn copy(from: &[f64], to: &mut [f64]) {
    for (place, value) in to.iter_mut().zip(from) {
        *place = *value;
    }
}

/// Settings that `ts/market` has checked.
fn options_of(continuity: &[u8], numbers: &[f64]) -> Option<BookOptions> {
    let continuity = Continuity::named(std::str::from_utf8(continuity).ok()?)?;
    if numbers.len() < BOOK_SETTINGS {
        return None;
    }
    let places = |setting: usize| numbers[setting] as u8;
    let checksum = match numbers[BOOK_SETTING_CHECKSUM] as u32 {
        0 => None,
        1 => Some(Checksum::Kraken {
            price_places: places(BOOK_SETTING_PRICE_PLACES),
            size_places: places(BOOK_SETTING_SIZE_PLACES),
        }),
        _ => Some(Checksum::Okx),
    };
    let window = numbers[BOOK_SETTING_WINDOW];
    Some(BookOptions {
        continuity,
        checksum,
        limit: numbers[BOOK_SETTING_LIMIT] as usize,
        window: window.is_finite().then_some(window as usize),
        // Infinity becomes the greatest number that there is.
        snapshot_levels: numbers[BOOK_SETTING_SNAPSHOT_LEVELS] as usize,
    })
}
