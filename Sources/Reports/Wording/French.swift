enum French { static func text(_ message: Message) -> String { English.text(message) } }
