#include "sync/connection.hpp"

#include <chrono>
#include <utility>

#include <mqtt/async_client.h>

namespace hefang::sync {
namespace {

using Post = std::function<void(LinkEvent&&)>;

constexpr std::size_t packet_margin = 4096;  // topic and properties around a message, and one that is just too large
constexpr std::int64_t give_up_ms = 200;     // for a last word to a broker that may not even read

std::string words(const mqtt::token& token) {
    return mqtt::exception::printable_error(token.get_return_code(), token.get_reason_code());
}

/// The library calls these through raw pointers, also from the client's destructor: they must outlive it.
class ConnectListener final : public mqtt::iaction_listener {
  public:
    explicit ConnectListener(const Post& post) : post_(post) {}

  private:
    void on_success(const mqtt::token& token) override {
        std::uint64_t receive_maximum = 65535;  // MQTT 5 §3.2.2.3.3: when the broker does not say
        try {
            const auto response = token.get_connect_response();
            const auto& properties = response.get_properties();
            if (properties.contains(mqtt::property::RECEIVE_MAXIMUM)) {
                receive_maximum = mqtt::get<std::uint16_t>(properties, mqtt::property::RECEIVE_MAXIMUM);
            }
        } catch (const std::exception&) {
            receive_maximum = 0;  // unreadable: the smallest window
        }
        post_({LinkEvent::Kind::connected, receive_maximum, {}, {}});
    }
    void on_failure(const mqtt::token& token) override { post_({LinkEvent::Kind::failed, 0, {}, words(token)}); }
    const Post& post_;
};

class SubscribeListener final : public mqtt::iaction_listener {
  public:
    explicit SubscribeListener(const Post& post) : post_(post) {}

  private:
    void on_success(const mqtt::token& token) override {
        try {
            const auto response = token.get_subscribe_response();
            for (const auto code : response.get_reason_codes()) {
                if (code != mqtt::ReasonCode::GRANTED_QOS_1) {
                    return post_({LinkEvent::Kind::failed, 0, {}, "the broker refused a subscription"});
                }
            }
        } catch (const std::exception& e) {
            return post_({LinkEvent::Kind::failed, 0, {}, e.what()});
        }
        post_({LinkEvent::Kind::subscribed, 0, {}, {}});
    }
    void on_failure(const mqtt::token& token) override { post_({LinkEvent::Kind::failed, 0, {}, words(token)}); }
    const Post& post_;
};

class PublishListener final : public mqtt::iaction_listener {
  public:
    explicit PublishListener(const Post& post) : post_(post) {}

  private:
    void on_success(const mqtt::token& token) override {
        const auto number = static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(token.get_user_context()));
        post_({LinkEvent::Kind::confirmed, number, {}, {}});
    }
    void on_failure(const mqtt::token& token) override {
        post_({LinkEvent::Kind::lost, 0, {}, "a message was not taken: " + words(token)});
    }
    const Post& post_;
};

mqtt::create_options create_options_of(const ConnectionSettings& settings) {
    mqtt::create_options options(MQTTVERSION_5);
    options.set_send_while_disconnected(false);
    // Counts what is in flight too; with the default of 100 a publish could be refused while online.
    options.set_max_buffered_messages(static_cast<int>(settings.most_in_flight));
    return options;
}

mqtt::message_ptr to_paho(Message message) {
    auto out = mqtt::make_message(std::move(message.topic), std::move(message.payload), 1, message.retained);
    mqtt::properties properties;
    if (!message.content_type.empty()) properties.add({mqtt::property::CONTENT_TYPE, message.content_type});
    out->set_properties(properties);
    return out;
}

}  // namespace

class Connection::Impl {
  public:
    Impl(ConnectionSettings settings, Post post)
        : settings_(std::move(settings)),
          post_(std::move(post)),
          on_connect_(post_),
          on_subscribe_(post_),
          on_publish_(post_),
          client_(settings_.broker, settings_.client_id, create_options_of(settings_)) {
        client_.set_connection_lost_handler([this](const std::string& cause) {
            post_({LinkEvent::Kind::lost, 0, {}, cause.empty() ? "the connection was lost" : cause});
        });
        client_.set_message_callback([this](const mqtt::const_message_ptr& message) { arrived(*message); });
        options_.set_mqtt_version(MQTTVERSION_5);
        options_.set_clean_start(true);
        options_.set_automatic_reconnect(false);
        options_.set_keep_alive_interval(static_cast<int>(settings_.keep_alive_s));
        options_.set_connect_timeout(static_cast<int>(settings_.connect_timeout_s));
        options_.set_max_inflight(static_cast<int>(settings_.most_in_flight));
        if (!settings_.will.topic.empty()) options_.set_will_message(to_paho(settings_.will));
        mqtt::properties properties{{mqtt::property::SESSION_EXPIRY_INTERVAL, 0}};
        // Else the library would hold a message of any size before it can be dropped as oversized.
        properties.add(
            {mqtt::property::MAXIMUM_PACKET_SIZE, static_cast<int>(settings_.message_bytes + packet_margin)});
        options_.set_properties(properties);  // last: setters before may drop them
        try {
            client_.connect(options_, nullptr, on_connect_);  // an lvalue: a moved-from one loses its properties
        } catch (const std::exception& e) {
            post_({LinkEvent::Kind::failed, 0, {}, e.what()});
        }
    }

    /// The library ends every connection with a clean DISCONNECT, upon which the broker discards the will (a reason
    /// code in its options is not sent). Unless goodbye was said, the will is therefore published before it.
    ~Impl() {
        if (said_goodbye_ || settings_.will.topic.empty() || !client_.is_connected()) return;
        (void)publish(settings_.will, 0);
        leave(mqtt::disconnect_options(), give_up_ms);
    }

    Result<void> subscribe(const std::vector<std::string>& filters) {
        try {
            const auto names = mqtt::string_collection::create(filters);
            client_.subscribe(names, mqtt::iasync_client::qos_collection(filters.size(), 1), nullptr, on_subscribe_);
        } catch (const std::exception& e) {
            return fail(Errc::unreachable, e.what());
        }
        return {};
    }

    Result<void> publish(Message message, std::uint64_t number) {
        try {
            client_.publish(to_paho(std::move(message)), reinterpret_cast<void*>(static_cast<std::uintptr_t>(number)),
                            on_publish_);
        } catch (const std::exception& e) {
            return fail(Errc::unreachable, e.what());
        }
        return {};
    }

    void disconnect(std::int64_t limit_ms) {
        said_goodbye_ = true;
        leave(mqtt::disconnect_options(std::chrono::milliseconds(limit_ms)), limit_ms);
    }

  private:
    void leave(mqtt::disconnect_options options, std::int64_t limit_ms) {
        try {
            client_.disconnect(std::move(options))->wait_for(std::chrono::milliseconds(limit_ms));
        } catch (const std::exception&) {  // already gone: then there is nobody to say goodbye to
        }
    }
    void arrived(const mqtt::message& message) {
        const auto& payload = message.get_payload_ref();
        if (payload.size() > settings_.message_bytes) {
            return post_({LinkEvent::Kind::oversized, payload.size(), message.get_topic(), {}});
        }
        post_({LinkEvent::Kind::message, 0, message.get_topic(), payload.empty() ? std::string() : payload.str()});
    }

    ConnectionSettings settings_;
    Post post_;
    bool said_goodbye_ = false;
    ConnectListener on_connect_;
    SubscribeListener on_subscribe_;
    PublishListener on_publish_;
    mqtt::connect_options options_;
    mqtt::async_client client_;  // last: destroyed first, and its destructor still calls the listeners
};

Connection::Connection(ConnectionSettings settings, std::function<void(LinkEvent&&)> post) {
    try {
        impl_ = std::make_unique<Impl>(std::move(settings), post);
    } catch (const std::exception& e) {
        post({LinkEvent::Kind::failed, 0, {}, e.what()});
    }
}

Connection::~Connection() = default;

Result<void> Connection::subscribe(const std::vector<std::string>& filters) {
    if (!impl_) return fail(Errc::unreachable, "there is no connection");
    return impl_->subscribe(filters);
}

Result<void> Connection::publish(Message message, std::uint64_t number) {
    if (!impl_) return fail(Errc::unreachable, "there is no connection");
    return impl_->publish(std::move(message), number);
}

void Connection::disconnect(std::int64_t limit_ms) {
    if (impl_) impl_->disconnect(limit_ms);
}

}  // namespace hefang::sync
