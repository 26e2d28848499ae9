#include <algorithm>

#include "crc32c.hpp"
#include "push_models.hpp"

namespace push_simulation {

namespace {

constexpr auto closed = push::ServerState::closed;

}  // namespace

std::uint64_t ModelServer::count_of(const push::PushedBatch& batch) {
    return fieldpost::crc32c(batch.payload);
}

std::size_t ModelServer::refusals_of(const push::PushedBatch& batch, push::Outcome outcome) {
    return outcome == push::Outcome::refused ? count_of(batch) % (push::max_refusals + 1) : 0;
}

bool same_content(const push::PushedBatch& left, const push::PushedBatch& right) {
    return left.key == right.key && left.is_json == right.is_json &&
           left.kind_name == right.kind_name && left.payload == right.payload &&
           left.request_id == right.request_id && left.completes == right.completes;
}

void Books::add(const push::PushedBatch& batch) {
    CHECK(under_way.emplace(name_of(batch.key), batch.payload.size()).second);
    bytes += batch.payload.size();
}

void Books::remove(const push::BatchKey& key) {
    const auto found = under_way.find(name_of(key));
    CHECK(found != under_way.end());
    bytes -= found->second;
    under_way.erase(found);
}

bool Books::has_room(std::size_t size, std::size_t batches, std::size_t limit) const {
    return under_way.size() < batches && (under_way.empty() || bytes + size <= limit);
}

void ModelServer::connect(Link& link) {
    push::ServerConnection connection(limits_, 1'790'000'000'000, world_.now());
    Session& session = *sessions_.emplace_back(std::make_unique<Session>());
    session.life = lives_;
    session.shell = std::make_unique<ServerShell>(world_, std::move(connection), link.down,
                                                  FrameWatch::Role::server);
    ServerShell& shell = *session.shell;
    shell.on_event = [this, &session](const push::ServerEvent& event) { hear(session, event); };
    shell.after_events = [&session] { compare_books(session); };
    link.up.on_bytes = [&shell](std::string_view bytes) { shell.receive(bytes); };
    link.up.on_end = [&shell] { shell.die(); };
    link.server_learns = link.up.on_end;
    shell.settle();
}

void ModelServer::crash() {
    for (const auto& session : sessions_) session->shell->die();
    ++lives_;
    up_at_ = world_.now() + world_.random.between(0, 20'000);
}

void ModelServer::drain() {
    for (const auto& session : sessions_) {
        if (!session->shell->alive()) continue;
        push::ServerConnection& connection = session->shell->connection;
        if (connection.state() == push::ServerState::open) {
            connection.go_away(world_.random.below(20), "restarting");
        } else {
            connection.close(push::CloseCode::unavailable, world_.random.below(20), "restarting");
        }
        session->shell->settle();
    }
}

std::size_t ModelServer::open_sessions() const {
    return static_cast<std::size_t>(std::ranges::count_if(sessions_, [](const auto& session) {
        return session->shell->alive() && session->shell->connection.state() != closed;
    }));
}

bool ModelServer::refuses(const push::PushedBatch& batch) const {
    // An answer is taken, or its request would stay open for ever.
    return batch.request_id.empty() && count_of(batch) % 100 < weather_.refused;
}

void ModelServer::compare_books(const Session& session) {
    const push::ServerConnection& connection = session.shell->connection;
    if (connection.state() == closed) return;
    CHECK(connection.unacknowledged() == session.books.under_way.size());
    CHECK(connection.unacknowledged_bytes() == session.books.bytes);
}

void ModelServer::hear(Session& session, const push::ServerEvent& event) {
    if (const auto* offer = std::get_if<push::CredentialOffered>(&event)) {
        CHECK(offer->credential == "secret" && offer->agent.name == "model");
        world_.after(world_.random.between(0, weather_.durable_within),
                     [this, &session, offer = *offer] { decide(session, offer); });
    } else if (const auto* arrived = std::get_if<push::BatchesArrived>(&event)) {
        for (const push::PushedBatch& batch : arrived->batches) take_in(session, batch);
    } else if (const auto* asked = std::get_if<push::CheckInAsked>(&event)) {
        if (session.shell->connection.state() != closed) tell(session, asked->policy_version);
    } else if (const auto* failed = std::get_if<push::RequestFailed>(&event)) {
        CHECK(requests.contains(failed->request_id));
        requests[failed->request_id] = true;
        if (session.shell->connection.state() != closed) {
            session.shell->connection.close_request(failed->request_id, true);
        }
    } else if (const auto* error = std::get_if<push::RemoteError>(&event)) {
        // Of a correct peer only silence can be wrong: we were deaf to it. Or the model itself
        // took too long to decide.
        const bool too_slow = error->code == push::CloseCode::too_slow;
        if (!too_slow && error->code != push::CloseCode::unavailable) {
            throw CheckFailed(error->reason);
        }
        ++silences_noticed;
    } else {
        const auto& said = std::get<push::PeerClosed>(event);
        if (said.code == push::CloseCode::protocol_broken) throw CheckFailed(said.reason);
    }
}

void ModelServer::decide(Session& session, const push::CredentialOffered& offer) {
    push::ServerConnection& connection = session.shell->connection;
    if (!session.shell->alive() || connection.state() == closed) return;
    if (world_.chance(weather_.busy)) {
        connection.close(push::CloseCode::unavailable, 1 + world_.random.below(10), "busy");
    } else {
        std::vector<bool> keeps;
        for (const push::BatchKey& key : offer.pending) {
            keeps.push_back(kept.contains(name_of(key)));
        }
        tell(session, offer.policy_version);
        connection.admit(keeps, world_.now());
        session.admitted = true;
    }
    session.shell->settle();
}

void ModelServer::take_in(Session& session, const push::PushedBatch& batch) {
    CHECK(session.admitted);
    CHECK(session.books.has_room(batch.payload.size(), limits_.window_batches,
                                 limits_.window_bytes));
    session.books.add(batch);
    if (world_.chance(weather_.later)) {
        push::PushReceipt receipt;
        receipt.key = batch.key;
        receipt.outcome = push::Outcome::later;
        receipt.reason = "busy";
        receipt.retry_after_s = world_.random.below(10);
        answer(session, receipt);
    } else {
        world_.after(world_.random.between(0, weather_.durable_within),
                     [this, &session, batch] { make_durable(session, batch); });
    }
}

void ModelServer::make_durable(Session& session, const push::PushedBatch& batch) {
    // The process that took it in is gone, and with it what was not durable. A connection that
    // is gone is no reason to drop the batch.
    if (session.life != lives_) return;
    push::PushReceipt receipt;
    receipt.key = batch.key;
    receipt.accepted = count_of(batch);
    if (refuses(batch)) {
        receipt.outcome = push::Outcome::refused;
        receipt.accepted = 0;
        receipt.reason = "unreadable";
        receipt.refused.resize(refusals_of(batch, receipt.outcome),
                               {.index = 7, .field = "at", .reason = "value.missing"});
    } else if (!kept.emplace(name_of(batch.key), batch).second) {
        CHECK(same_content(kept.at(name_of(batch.key)), batch));
        receipt.outcome = push::Outcome::duplicate;
        ++duplicates;
    } else if (batch.completes) {
        requests[batch.request_id] = true;
    }
    answer(session, receipt);
}

void ModelServer::answer(Session& session, push::PushReceipt receipt) {
    session.receipts.push_back(std::move(receipt));
    world_.after(world_.random.between(0, weather_.receipt_within),
                 [this, &session] { send_receipts(session); });
}

void ModelServer::send_receipts(Session& session) {
    if (!session.shell->alive() || session.shell->connection.state() == closed) return;
    std::vector<push::PushReceipt> some;
    while (!session.receipts.empty() && (some.empty() || world_.chance(70))) {
        const auto at = session.receipts.begin() +
                        static_cast<std::ptrdiff_t>(world_.random.below(session.receipts.size()));
        session.books.remove(at->key);
        some.push_back(*at);
        session.receipts.erase(at);
    }
    if (some.empty()) return;
    session.shell->connection.acknowledge(some);
    session.shell->settle();
}

void ModelServer::tell(Session& session, std::optional<std::uint64_t> known) {
    push::Told told;
    told.policy_version = policy_version;
    if (known != policy_version) told.policy = {{.kind = 1, .interval_s = policy_version}};
    for (const auto& [id, is_closed] : requests) {
        if (!is_closed && told.requests.size() < push::max_told) {
            told.requests.push_back({.id = id, .kind = 1, .from_ms = -1, .to_ms = 1, .limit = 5});
        }
    }
    session.shell->connection.tell(told);
}

void ModelServer::ask() {
    ++policy_version;
    if (world_.chance(50)) requests.emplace("request-" + std::to_string(requests.size()), false);
    for (const auto& session : sessions_) {
        if (!session->shell->alive() || session->shell->connection.state() == closed) continue;
        if (!session->admitted) continue;
        tell(*session, std::nullopt);
        session->shell->settle();
    }
}

}  // namespace push_simulation
