//! Of the first protocol `book` and `ticker` as in a capture of 2021-04-17, with the times moved to the other frames'
//! epoch; the others, and all of the second protocol, written by hand from the public documentation.

pub const SNAPSHOT: &str = r#"[1360,{"as":[["0.000022900","13355.87450757","1723161255.481570"],["0.000022910","15283.79025460","1723161256.136369"]],"bs":[["0.000022890","10.00000000","1723161254.000001"]]},"book-1000","ADA/XBT"]"#;
pub const UPDATE: &str =
    r#"[992,{"b":[["354.15000000","5.00000000","1723161256.365913"]],"c":"2583817756"},"book-1000","XMR/USD"]"#;
pub const BOTH_SIDES: &str = r#"[1920,{"a":[["0.042990","364630.28272081","1723161256.920470"]]},{"b":[["0.042990","0.00000000","1723161256.920708"]],"c":"4105471083"},"book-1000","SC/EUR"]"#;
pub const TICKER: &str = r#"[1668,{"a":["13.253900",35,"35.72892241"],"b":["13.232900",185,"185.18432037"],"c":["13.253900","3.71672000"],"v":["26560.85364463","72035.05488104"],"p":["13.529003","13.734728"],"t":[640,1353],"l":["13.021800","13.021800"],"h":["13.942000","14.211200"],"o":["13.804000","13.428300"]},"ticker","WAVES/EUR"]"#;
pub const TRADES: &str = r#"[0,[["5541.20000","0.15850568","1723161256.321597","s","l",""],["6060.00000","0.02455000","1723161256.324998","b","l",""]],"trade","XBT/USD"]"#;
pub const SPREAD: &str =
    r#"[0,["5698.40000","5700.00000","1723161256.123456","1.01234567","0.98765432"],"spread","XBT/USD"]"#;
pub const OHLC: &str = r#"[42,["1542057314.748456","1542057360.435743","3586.70000","3586.70000","3586.60000","3586.60000","3586.68894","0.03373000",2],"ohlc-5","XBT/USD"]"#;
pub const STATUS: &str =
    r#"{"connectionID":14545728493745856413,"event":"systemStatus","status":"online","version":"1.8.3"}"#;

pub const V2_SNAPSHOT: &str = r#"{"channel":"book","type":"snapshot","data":[{"symbol":"MATIC/USD","bids":[{"price":0.5666,"qty":4831.75496356}],"asks":[{"price":0.5668,"qty":4410.79769741},{"price":0.5669,"qty":4655.40412487}],"checksum":2439117997}]}"#;
pub const V2_UPDATE: &str = r#"{"channel":"book","type":"update","data":[{"symbol":"MATIC/USD","bids":[{"price":0.5657,"qty":1e-8}],"asks":[],"checksum":2114181697,"timestamp":"2024-08-08T23:54:17.708706Z"}]}"#;
pub const V2_TICKER: &str = r#"{"channel":"ticker","type":"update","data":[{"symbol":"ALGO/USD","bid":0.10025,"bid_qty":740.0,"ask":0.10036,"ask_qty":1361.44813783,"last":0.10035,"volume":997038.98383185,"vwap":0.10148,"low":0.09979,"high":0.10285,"change":-0.00017,"change_pct":-0.17,"timestamp":"2024-08-08T23:54:17.742648Z"}]}"#;
pub const V2_TRADES: &str = r#"{"channel":"trade","type":"update","data":[{"symbol":"MATIC/USD","side":"buy","price":0.5147,"qty":6423.46326,"ord_type":"limit","trade_id":4665846,"timestamp":"2024-08-08T23:54:16.667947Z"},{"symbol":"MATIC/USD","side":"sell","price":0.5146,"qty":1136.19677,"ord_type":"market","trade_id":4665847,"timestamp":"2024-08-08T23:54:16.667948Z"}]}"#;
pub const V2_REPLY: &str = r#"{"method":"subscribe","result":{"channel":"book","depth":10,"snapshot":true,"symbol":"ALGO/USD"},"success":true,"time_in":"2024-08-08T23:54:16.997512Z","time_out":"2024-08-08T23:54:16.997554Z"}"#;

pub const FRAMES: [&str; 13] = [
    SNAPSHOT,
    UPDATE,
    BOTH_SIDES,
    TICKER,
    TRADES,
    SPREAD,
    OHLC,
    STATUS,
    V2_SNAPSHOT,
    V2_UPDATE,
    V2_TICKER,
    V2_TRADES,
    V2_REPLY,
];
