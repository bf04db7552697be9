#include "receiver/report.hpp"

#include "base/text.hpp"

#include <string_view>

#include <SQLiteCpp/SQLiteCpp.h>
#include <nlohmann/json.hpp>

namespace hefang::receiver {
namespace {

using nlohmann::json;

tl::unexpected<Error> cannot(const std::filesystem::path& database, const std::exception& e) {
    return fail(Errc::unreachable, "database '" + database.string() + "': " + e.what());
}

std::uint64_t number(SQLite::Statement& row, int at) {
    return static_cast<std::uint64_t>(row.getColumn(at).getInt64());
}

json epochs_of(SQLite::Database& db, const std::string& gateway) {
    SQLite::Statement row(db,
                          "SELECT epoch,through,head,newest,repeats,quarantined,"
                          "(SELECT count(*) FROM fact WHERE stream=stream.id) FROM stream WHERE gateway=? ORDER BY id");
    row.bind(1, gateway);
    json out = json::array();
    while (row.executeStep()) {
        out.push_back({{"epoch", row.getColumn(0).getString()},
                       {"through", std::to_string(number(row, 1))},
                       {"head", to_hex(row.getColumn(2).getString())},
                       {"newest", std::to_string(number(row, 3))},
                       {"repeats", number(row, 4)},
                       {"quarantined", number(row, 5)},
                       {"facts", number(row, 6)}});
    }
    return out;
}

}  // namespace

Result<std::string> status_line(const std::filesystem::path& database) {
    try {
        SQLite::Database db(database.string(), SQLite::OPEN_READONLY, 5000);
        SQLite::Transaction one_picture(db);
        json out{{"alarms", db.execAndGet("SELECT count(*) FROM alarm").getInt64()}, {"gateways", json::array()}};
        SQLite::Statement row(db,
                              "SELECT DISTINCT s.gateway, p.state, p.last, p.acked, p.version, p.at FROM stream s "
                              "LEFT JOIN presence p ON p.gateway=s.gateway ORDER BY s.gateway");
        while (row.executeStep()) {
            json gateway{{"gateway", row.getColumn(0).getString()}};
            if (!row.getColumn(1).isNull()) {
                gateway["state"] = row.getColumn(1).getString();
                gateway["last"] = row.getColumn(2).getString();
                gateway["acked"] = row.getColumn(3).getString();
                gateway["version"] = row.getColumn(4).getString();
                gateway["seen_ms"] = row.getColumn(5).getInt64();
            }
            gateway["epochs"] = epochs_of(db, row.getColumn(0).getString());
            out["gateways"].push_back(std::move(gateway));
        }
        return out.dump(-1, ' ', false, json::error_handler_t::replace);
    } catch (const std::exception& e) {
        return cannot(database, e);
    }
}

Result<void> list_facts(const std::filesystem::path& database, const std::function<void(const ListedFact&)>& each) {
    try {
        SQLite::Database db(database.string(), SQLite::OPEN_READONLY, 5000);
        SQLite::Statement row(db,
                              "SELECT s.gateway,s.epoch,f.sequence,f.type,ifnull(f.fault,''),f.hash FROM stream s "
                              "JOIN fact f ON f.stream=s.id ORDER BY s.gateway,s.id,f.sequence");
        while (row.executeStep()) {
            each({row.getColumn(0).getString(), row.getColumn(1).getString(), number(row, 2),
                  row.getColumn(3).getString(), row.getColumn(4).getString(), to_hex(row.getColumn(5).getString())});
        }
    } catch (const std::exception& e) {
        return cannot(database, e);
    }
    return {};
}

Result<void> list_alarms(const std::filesystem::path& database, const std::function<void(const ListedAlarm&)>& each) {
    try {
        SQLite::Database db(database.string(), SQLite::OPEN_READONLY, 5000);
        SQLite::Statement row(db, "SELECT gateway,epoch,sequence,kind,detail FROM alarm ORDER BY id");
        while (row.executeStep()) {
            each({row.getColumn(0).getString(), row.getColumn(1).getString(), number(row, 2),
                  row.getColumn(3).getString(), row.getColumn(4).getString()});
        }
    } catch (const std::exception& e) {
        return cannot(database, e);
    }
    return {};
}

}  // namespace hefang::receiver
