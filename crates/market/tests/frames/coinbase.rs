//! Of Exchange the first of each kind in a capture of 2021-04-17, with the times moved to the other frames' epoch; of
//! Advanced written by hand from the public documentation.

pub const TICKER: &str = r#"{"type":"ticker","sequence":333938798,"product_id":"BAND-GBP","price":"14.7775","open_24h":"14.6647","volume_24h":"94381.28000000","low_24h":"14.3691","high_24h":"16.55","volume_30d":"2295579.57000000","best_bid":"14.7550","best_ask":"14.8060","side":"buy","time":"2024-08-08T23:54:16.244075Z","trade_id":881613,"last_size":"0.04"}"#;
pub const MATCH: &str = r#"{"type":"last_match","trade_id":881613,"maker_order_id":"27fff20b-af29-4f45-8744-56dd1ef57dc0","taker_order_id":"1da6ce16-c8da-4732-9f71-6049f4c6aaf8","side":"sell","size":"0.04","price":"14.7775","product_id":"BAND-GBP","sequence":333938798,"time":"2024-08-08T23:54:16.244075Z"}"#;
pub const SNAPSHOT: &str = r#"{"type":"snapshot","product_id":"BAND-GBP","asks":[["14.8024","12.77"],["14.8069","12.49"]],"bids":[["14.7550","13.10"]]}"#;
pub const L2UPDATE: &str = r#"{"type":"l2update","product_id":"SKL-BTC","changes":[["sell","0.00001306","660.5"],["buy","0.00001302","0"]],"time":"2024-08-08T23:54:16.075687Z"}"#;
pub const SUBSCRIPTIONS: &str =
    r#"{"type":"subscriptions","channels":[{"name":"level2","product_ids":["BAND-GBP","BAND-BTC"]}]}"#;

pub const ADVANCED_TICKER: &str = r#"{"channel":"ticker","client_id":"","timestamp":"2024-08-08T23:54:16.167359596Z","sequence_num":5,"events":[{"type":"update","tickers":[{"type":"ticker","product_id":"BTC-USD","price":"21932.98","volume_24_h":"16038.28770938","low_24_h":"21835.29","best_bid":"21931.98","best_bid_quantity":"8000.21","best_ask":"21933.98","best_ask_quantity":"8038.07770938"}]}]}"#;
pub const ADVANCED_TRADES: &str = r#"{"channel":"market_trades","client_id":"","timestamp":"2024-08-08T23:54:17.167359596Z","sequence_num":6,"events":[{"type":"update","trades":[{"trade_id":"12345","product_id":"ETH-USD","price":"1260.01","size":"0.3","side":"BUY","time":"2024-08-08T23:54:16.801523Z"},{"trade_id":"12346","product_id":"BTC-USD","price":"21932.98","size":"2","side":"SELL","time":"2024-08-08T23:54:16.8Z"}]}]}"#;
pub const ADVANCED_BOOK: &str = r#"{"channel":"l2_data","client_id":"","timestamp":"2024-08-08T23:54:17.032456Z","sequence_num":7,"events":[{"type":"snapshot","product_id":"BTC-USD","updates":[{"side":"bid","event_time":"1970-01-01T00:00:00Z","price_level":"21921.73","new_quantity":"0.06317902"},{"side":"offer","event_time":"1970-01-01T00:00:00Z","price_level":"21921.74","new_quantity":"0.02"}]},{"type":"update","product_id":"ETH-USD","updates":[{"side":"bid","event_time":"2024-08-08T23:54:17Z","price_level":"1260.01","new_quantity":"0"}]}]}"#;
pub const HEARTBEATS: &str = r#"{"channel":"heartbeats","client_id":"","timestamp":"2024-08-08T23:54:17.122969572Z","sequence_num":8,"events":[{"current_time":"2024-08-08 23:54:17.121961769 +0000 UTC m=+91717.525857105","heartbeat_counter":"3049"}]}"#;

pub const FRAMES: [&str; 9] =
    [TICKER, MATCH, SNAPSHOT, L2UPDATE, SUBSCRIPTIONS, ADVANCED_TICKER, ADVANCED_TRADES, ADVANCED_BOOK, HEARTBEATS];
