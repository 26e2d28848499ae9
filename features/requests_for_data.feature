Feature: Requests for data
  People may ask a device for what it still holds of some time. Its agent fetches the request and
  answers it, or says why it cannot.

  Background:
    Given Ana carries a phone and allows location

  Rule: A waiting agent is woken at once

    Scenario: Somebody asks while the phone waits for something to do
      Given Ana's phone has fetched its policy
      And Ana's phone waits for something to do
      When Ana's phone is asked for the location of the last 2 hours
      Then Ana's phone is told at once to send its location of the last 2 hours

    Scenario: A phone that comes later finds the request
      When Ana's phone is asked for the location of the last 2 hours
      Then Ana's phone is told to send its location of the last 2 hours

  Rule: A request stays until it is answered or has failed

    Scenario: The phone answers
      Given Ana's phone has been asked for the location of the last 2 hours
      When Ana's phone answers with 3 locations
      Then the request is answered with 3 observations
      And 3 locations of Ana's phone are kept
      And Ana's phone is told to send nothing

    Scenario: The phone answers in two parts
      Given Ana's phone has been asked for the location of the last 2 hours
      When Ana's phone answers with 2 locations and says that more will come
      Then Ana's phone is told to send its location of the last 2 hours
      When Ana's phone answers with 1 location
      Then the request is answered with 3 observations

    Scenario: The phone starts anew before it has answered
      Given Ana's phone has been asked for the location of the last 2 hours
      And Ana's phone has fetched the request
      Then the request is being worked on
      And Ana's phone is told to send its location of the last 2 hours

    Scenario: The phone has nothing to send
      Given Ana's phone has been asked for the location of the last 2 hours
      When Ana's phone says that it cannot, because "location is switched off"
      Then the request has failed because "location is switched off"
      And Ana's phone is told to send nothing

    Scenario: A request outlives a crash
      Given Ana's phone has been asked for the location of the last 2 hours
      When the platform crashes and is started again
      Then Ana's phone is told to send its location of the last 2 hours

  Rule: Only what the person allows can be asked for

    Scenario: A kind of data that Ana has not agreed to
      When somebody asks Ana's phone for calls of the last 2 hours
      Then that is not possible

    Scenario: Consent is withdrawn before the phone has fetched the request
      Given Ana's phone has been asked for the location of the last 2 hours
      When Ana withdraws her consent
      Then Ana's phone is told to send nothing

    Scenario: Consent is withdrawn before the phone has answered
      Given Ana's phone has been asked for the location of the last 2 hours
      When Ana withdraws her consent
      And Ana's phone answers with 3 locations
      Then the delivery is refused for lack of consent
      And 0 locations of Ana's phone are kept

  Rule: A device answers its own requests only

    Scenario: Borut's phone answers what Ana's phone was asked
      Given Borut carries a phone and allows location
      And Ana's phone has been asked for the location of the last 2 hours
      When Borut's phone tries to answer what Ana's phone was asked
      Then that is nowhere to be found
      And the request is open
